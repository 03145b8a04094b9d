//! Tests of the command line's declarations, help and names.

use super::*;

#[test]
fn the_declarations_agree_with_each_other() {
    PLUGINS.declarations::<Cli>().debug_assert();
    PLUGINS.declarations::<historical::Historical>().debug_assert();
}

#[test]
#[expect(clippy::too_many_lines, reason = "the lines are those of the help")]
fn help_is_told_in_two_depths() {
    let told = |line: &str| {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        // Whatever terminal the test runs in.
        let declarations = PLUGINS.declarations::<Cli>().term_width(100);
        let message = declarations.try_get_matches_from(words).unwrap_err();
        // clap indents empty lines, too.
        message.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told("plugins -h"), @r"
    Installs, updates and removes a product's plugins

    Usage: plugins [OPTIONS] <COMMAND>

    Commands:
      list           Show registered plugins
      info           Show all that is known of a plugin
      search         Find plugins by words, registered ones and those of repositories
      files          Show which files plugins and packages have
      install        Install plugins and register them
      update         Update plugins within their release lines
      check-updates  Show newer versions that repositories have; status 100 if there are any
      downgrade      Go back to lower versions within the release lines
      remove         Take plugins off the host and out of the registry
      register       Put installed plugins into the registry
      unregister     Take plugins out of the registry; their files stay
      sync           Make the registry agree with what is on the disk
      hold           Keep plugins from updates
      unhold         Let plugins have updates again
      link           Give the folders of old legacy versions the content of a newer one
      unlink         Give linked versions their own content back
      undo           Reverse a transaction [alias: rollback]
      history        Show what changed, when and by whom
      verify         Compare plugins with what was installed
      trust          Show and change whose packages the host takes
      repo           Show and change where plugins and their fixes come from
      doctor         Find what is wrong with the host and mend it
      compat         Show which plugins fit a product version or an environment
      config         Show settings and where they come from
      explain        Explain the codes of failures
      completions    Print a completion script for a shell
      man            Print the man page, or write one per command
      help           Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Host options:
      -y, --yes      Make the change without asking
          --dry-run  Show what would be done, write nothing

    Examples:
      plugins list                            show what is registered
      plugins install demo-1.0-1.0.2-1.noarch.rpm
      plugins update --dry-run                show what would be updated
      plugins undo                            reverse the last change

    Historical spelling:
      plugins [--list]
      plugins --install FILE [--force]
      plugins --update FILE | --downgrade FILE
      plugins --remove NAME==VERSION
      plugins --register NAME==VERSION [--force] | --unregister NAME==VERSION
      plugins --sync [--plugin IDS]
    ");
    insta::assert_snapshot!(told("plugins install --help"), @r"
    Install plugins and register them

    A package file is copied, judged, and handed to the package manager with repositories switched off;
    a legacy package is unpacked into the folder of its version. A name is looked up in the package
    manager's repositories. What is there in the same version already stays as it is.

    Usage: plugins install [OPTIONS] [SPEC]...

    Arguments:
      [SPEC]...
              Package files, or plugins in repositories: NAME, NAME-LINE, NAME==VERSION

    Options:
          --from-file <LIST>
              A file with one such name per line, `#` beginning a remark

          --strategy <STRATEGY>
              What becomes of a plugin that is there already

              Possible values:
              - only-new: It stays; only what is not there at all is installed
              - upgrade:  A higher version replaces it
              - always:   A higher one replaces it, and the same is installed again

              [default: upgrade]

          --no-register
              Leave the registry as it is; `plugins register` adds the plugins later

          --sha256 <HEX>
              SHA-256 that the one package must have

          --key <CERTFILE>
              Certificate of the packages' publisher, to be trusted for their plugins if you agree

          --accept-fingerprint <FPR>
              Agree to the certificate with this whole fingerprint

          --allow-unsigned
              Take packages that nobody vouches for; where `trust-policy` is legacy

          --allow-scripts
              Take packages that run scripts of their own as root

          --accept-publisher
              Take packages of another publisher than the plugin had

          --allow-vulnerable
              Take versions that a security notice withdraws

      -h, --help
              Print help (see a summary with '-h')

    Global options:
          --json
              Print the answer as one JSON object

          --json-lines
              Print each event as a JSON object, the answer last

          --yaml
              Print the answer as YAML

      -q, --quiet
              Print answers, findings and failures only

      -v, --verbose...
              Tell more; twice: show programs that are run and what they say

          --debug
              Same as -vv

          --color <WHEN>
              When to use color

              [env: PLUGINS_COLOR]
              [default: auto]
              [possible values: auto, always, never]

          --no-progress
              Draw no progress bars

              [env: PLUGINS_NO_PROGRESS]

    Host options:
      -y, --yes
              Make the change without asking

          --assume-no
              Show the change and make it not

          --dry-run
              Show what would be done, write nothing

          --lock-timeout <SECONDS>
              Seconds to wait for another change to end

          --root <DIR>
              Folder to take for the host's root

          --config <FILE>
              File of settings to read instead of those in /etc/plugins

          --offline
              Never ask a repository

    Examples:
      plugins install demo-1.0-1.0.2-1.noarch.rpm
      plugins install demo-1.0 --dry-run
      plugins install old-1.0.0.fp --strategy always
    ");
}

#[test]
fn more_than_the_version_is_told_to_who_asks_for_it() {
    for (line, expected) in [
        ("plugins --version", false),
        ("plugins --version -v", true),
        ("plugins -vV", true),
        ("plugins -V --verbose", true),
        ("plugins list -V --dry-run", false),
    ] {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        assert_eq!(version::is_wanted_whole(&words), expected, "{line}");
    }
}

#[test]
fn a_program_knows_three_names() {
    for (given, name) in [
        ("/usr/bin/fuel", "fuel"),
        ("fuel2", "fuel2"),
        ("./plugins", "plugins"),
        ("\x1b[31m", "plugins"),
    ] {
        assert_eq!(called(Some(&given.into())).name, name);
    }
    assert_eq!(called(None).name, "plugins");
}
