#!/bin/bash
# Runs on the nodes that tasks name it for.
set -eu

printf '%s\n' '{{name}}' > "${TMPDIR:-/tmp}/{{name}}"
