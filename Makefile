# Everything a newcomer needs: `make demo` shows the product at work, `make test` proves it.

CARGO  ?= cargo
PREFIX ?= /usr/local
DESTDIR ?=
SHARE  = $(DESTDIR)$(PREFIX)/share
TARGET := $(shell $(CARGO) metadata --format-version 1 --no-deps --offline 2>/dev/null | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
TARGET := $(or $(TARGET),target)
NEXTEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo yes)

.PHONY: all help deps demo check audit test torture fuzz bench install install-fuel-names clean

all: ## Release build of every program.
	$(CARGO) build --release --workspace --locked

help: ## What can be made.
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 12

deps: ## Install what the tests and the demonstration need from the distribution.
	@scripts/deps

demo: deps all ## From nothing to installed packages, with the real rpm and dpkg.
	@PROGRAMS="$(TARGET)/release" scripts/demo
	@PROGRAMS="$(TARGET)/release" scripts/demo-host
	@PROGRAMS="$(TARGET)/release" scripts/demo-repository

check: ## Formatting, lints, documentation.
	$(CARGO) fmt --all --check
	@scripts/headers
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked --document-private-items

audit: ## Licences, bans and sources of all dependencies (needs cargo-deny).
	$(CARGO) deny --workspace check licenses bans sources

test: deps ## Every test, real package managers included.
ifeq ($(NEXTEST),yes)
	$(CARGO) nextest run --workspace --locked --no-fail-fast
else
	$(CARGO) test --workspace --locked --no-fail-fast
endif

torture: deps ## The long sweeps: crashes at every step, thousands of damaged packages.
	DOVETAIL_TORTURE=1 $(CARGO) test --workspace --locked --no-fail-fast --tests torture -- --nocapture

FUZZ_SECONDS ?= 60
fuzz: ## Coverage-guided fuzzing of every parser, FUZZ_SECONDS each (installs cargo-fuzz).
	@$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install cargo-fuzz --locked
	@for target in version yaml check package repository; do \
		scripts/fuzz-seeds $$target && \
		$(CARGO) fuzz run --sanitizer none $$target -- -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=512 -timeout=10 || exit 1; \
	done

bench: deps all ## Ours beside the usual tools, in one run.
	@$(CARGO) build --release --locked -p packaging --example many
	@FPB="$(TARGET)/release/fpb" scripts/bench
	@FPB="$(TARGET)/release/fpb" MANY="$(TARGET)/release/examples/many" scripts/bench-repo
	@FPB="$(TARGET)/release/fpb" PLUGINS="$(TARGET)/release/plugins" scripts/bench-host

# Root needs no Rust to install what a user has built.
$(TARGET)/release/fpb $(TARGET)/release/plugins &:
	$(CARGO) build --release --workspace --locked

install: $(TARGET)/release/fpb $(TARGET)/release/plugins ## Programs, manual pages and completions below DESTDIR/PREFIX.
	install -D -s -m 755 "$(TARGET)/release/fpb" "$(DESTDIR)$(PREFIX)/bin/fpb"
	ln -sf fpb "$(DESTDIR)$(PREFIX)/bin/fuel-plugin-builder"
	install -d "$(SHARE)/man/man1" "$(SHARE)/bash-completion/completions" \
		"$(SHARE)/zsh/site-functions" "$(SHARE)/fish/vendor_completions.d"
	"$(TARGET)/release/fpb" --quiet man -o "$(SHARE)/man/man1" >/dev/null
	ln -sf fpb.1 "$(SHARE)/man/man1/fuel-plugin-builder.1"
	"$(TARGET)/release/fpb" completions bash >"$(SHARE)/bash-completion/completions/fpb"
	ln -sf fpb "$(SHARE)/bash-completion/completions/fuel-plugin-builder"
	"$(TARGET)/release/fpb" completions zsh >"$(SHARE)/zsh/site-functions/_fpb"
	"$(TARGET)/release/fpb" completions fish >"$(SHARE)/fish/vendor_completions.d/fpb.fish"
	ln -sf fpb.fish "$(SHARE)/fish/vendor_completions.d/fuel-plugin-builder.fish"
	install -D -s -m 755 "$(TARGET)/release/plugins" "$(DESTDIR)$(PREFIX)/bin/plugins"
	"$(TARGET)/release/plugins" --quiet man -o "$(SHARE)/man/man1" >/dev/null
	"$(TARGET)/release/plugins" completions bash >"$(SHARE)/bash-completion/completions/plugins"
	"$(TARGET)/release/plugins" completions zsh >"$(SHARE)/zsh/site-functions/_plugins"
	"$(TARGET)/release/plugins" completions fish >"$(SHARE)/fish/vendor_completions.d/plugins.fish"

# A host may have the original client, whose names these are.
install-fuel-names: install ## Also install plugins under the names of the original client.
	ln -sf plugins "$(DESTDIR)$(PREFIX)/bin/fuel"
	ln -sf plugins "$(DESTDIR)$(PREFIX)/bin/fuel2"

clean:
	$(CARGO) clean
