//! General failures: what is not about one plugin.

use super::code::codes;

codes! {
    /// The command line is wrong.
    USAGE = "P0901", Usage {
        title: "The command line is wrong.",
        cause: "An option, command or name is unknown, missing, or does not go with another.",
        effect: "Nothing was done. The exit status is 2.",
        cure: "Compare with `plugins --help` or `plugins COMMAND --help`.",
    }
    /// A thing that was named is not there.
    NOT_FOUND = "P0902", NotFound {
        title: "There is no such thing.",
        cause: "A code, check, setting, transaction or file that was named does not exist.",
        effect: "Nothing was done. The exit status is 3, in the historical spelling 1.",
        cure: "Mind the spelling; the help line lists what there is.",
    }
    /// A file of settings or a variable is wrong.
    SETTINGS = "P0903", Failed {
        title: "The settings cannot be taken.",
        cause: "A file below /etc/plugins or /usr/lib/plugins, or a PLUGINS_ variable, has an unknown key or a value of the wrong kind.",
        effect: "Nothing was done.",
        cure: "Mend the place that is named; `plugins config show --origin` tells where values come from.",
    }
    /// Nobody can be asked.
    UNASKED = "P0904", Usage {
        title: "The change was not confirmed, because nobody can be asked.",
        cause: "The command changes something, and standard input or error is no terminal, or the answer goes to a program.",
        effect: "Nothing was changed. The exit status is 2.",
        cure: "Give `--yes` to make the change, or `--dry-run` to see it only.",
    }
    /// The user said no.
    DECLINED = "P0905", Failed {
        title: "The change was declined.",
        cause: "The question was answered with no, or `--assume-no` was given.",
        effect: "Nothing was changed.",
        cure: "Run the command again when the change is wanted.",
    }
    /// The system refused something.
    FAILED = "P0906", Failed {
        title: "The work could not be done.",
        cause: "The system refused something: a permission, room on the disk, a path in use.",
        effect: "What the command had begun is finished or taken back by the next command that changes something.",
        cure: "The lines that begin with `cause:` name what the system refused.",
    }
    /// The user stopped it.
    INTERRUPTED = "P0907", Interrupted {
        title: "The command was interrupted.",
        cause: "Ctrl-C was pressed, or the program was told to terminate.",
        effect: "A transaction of the package manager is never cut off; the message says what state was reached.",
        cure: "Run the command again.",
    }
    /// Nobody reads the answer.
    READER_GONE = "P0908", ReaderGone {
        title: "The reader went away.",
        cause: "The program that read the output ended first, as in `plugins list | head`.",
        effect: "The rest of the output is lost. The exit status is 141.",
        cure: "Nothing, usually.",
    }
    /// A fault of the program itself.
    INTERNAL = "P0909", Failed {
        title: "This is a fault of plugins itself.",
        cause: "The program met a state that its authors held to be impossible.",
        effect: "What had begun is in the journal; the next command that changes something finishes it or takes it back.",
        cure: "Report it, with the command line and what it prints with `-vv`.",
    }
    /// The user may not change the host.
    NOT_ALLOWED = "P0910", Failed {
        title: "Only an administrator may change plugins.",
        cause: "The state folder, /var/lib/plugins, must not be written by the user who runs the command.",
        effect: "Nothing was changed. Commands that only read work for everybody.",
        cure: "Run the command with `sudo`.",
    }
    /// A text that names no plugin.
    SPECIFICATION = "P0911", Usage {
        title: "This names no plugin.",
        cause: "A plugin is named `NAME`, `NAME-LINE` as in `demo-1.0`, or `NAME==VERSION`; a package by its path.",
        effect: "Nothing was done. The exit status is 2, in the historical spelling 1.",
        cure: "Write the name as `plugins list` shows it.",
    }
}
