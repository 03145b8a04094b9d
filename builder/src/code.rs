//! Every rule of the checker has a stable code, a severity and an explanation: one table.
//!
//! Numbers go by room: F01xx files, YAML, values, metadata and hooks; F02xx tasks, roles and the
//! other side files; F03xx the source tree and packages. A number is never used for another rule.

use std::fmt;
use std::str::FromStr;

pub use console::Explanation;

use crate::Severity;

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a rule's code: codes look like `F0101`", .0.escape_debug())]
pub struct UnknownCode(pub String);

impl Code {
    /// Returns how severe a breach is.
    pub fn severity(self) -> Severity {
        self.row().1
    }

    /// Returns the code as printed: `F0101`.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Returns what there is to say about the rule.
    pub fn explanation(self) -> Explanation {
        self.row().2
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

/// Makes the enum and all that is known of its variants from one table.
macro_rules! codes {
    ($($name:ident $text:literal $severity:ident
        $title:literal $cause:literal $effect:literal $cure:literal)*) => {
        /// A rule of the checker, printed as `F0102`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// All codes, by number.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            fn row(self) -> (&'static str, Severity, Explanation) {
                match self {
                    $(Self::$name => (
                        $text,
                        Severity::$severity,
                        Explanation { title: $title, cause: $cause, effect: $effect, cure: $cure },
                    ),)*
                }
            }
        }
    };
}

codes! {
    Yaml "F0101" Error
        "The file is not readable YAML."
        "Indentation, quotes or brackets are out of step, an alias has no anchor, a tag is not plain data, or the file holds a second document."
        "Nothing in the file can be checked or used."
        "Go to the line and column given; the mistake is there or just before. Files are read as YAML 1.1."

    Encoding "F0102" Error
        "The file is not UTF-8 text."
        "It was saved in another encoding, such as Latin-1 or UTF-16, or is not text at all."
        "Nothing in the file can be checked or used."
        "Save the file as UTF-8."

    Unreadable "F0103" Error
        "The file cannot be read."
        "A folder or a device stands where the file is expected, a link leads nowhere, or permission is missing."
        "The plugin cannot be built."
        "Put a regular, readable file in its place, or remove it where it is optional."

    TooLarge "F0104" Error
        "The file is larger than any real one."
        "YAML files and install hooks of a plugin may have 1 MiB."
        "The file is not read."
        "Move data out of the file; scripts and packages belong into their folders."

    MissingFile "F0105" Error
        "A required file is missing."
        "The package version asks for it, even where it has nothing to say."
        "The plugin cannot be built."
        "Create the file. `environment_config.yaml` may be empty, a list of tasks may be `[]`."

    EmptyFile "F0106" Error
        "The file has no content."
        "It is blank or holds comments only. An optional file may be absent but not empty."
        "The plugin cannot be built."
        "Remove the file, or write `[]` or `{}` where a list or a mapping without entries is meant."

    MissingKey "F0107" Error
        "A required key is missing."
        "The mapping needs the key in this package version; it may also be misspelt or indented wrongly."
        "The plugin cannot be built, because nothing could be assumed in its place."
        "Add the key. There are no defaults for required keys."

    WrongType "F0108" Error
        "The value is of the wrong type."
        "YAML decides the type by the spelling: `1.0` is a number, `yes` a boolean, `2016-01-01` a date, and quotes make any of them a string."
        "The product would refuse or misread the value."
        "Write a value of the type named; put quotes around a string that looks like something else."

    NotAllowed "F0109" Error
        "The value is not one of the allowed ones."
        "The key takes a few fixed words, written exactly so."
        "The product would not know what to do."
        "Use one of the words listed."

    TooSmall "F0110" Error
        "The number is too small."
        "Times and counts cannot be negative."
        "The product would refuse the task."
        "Write 0 or more."

    TooShort "F0111" Error
        "The value is empty."
        "A list needs an item, or a text a character."
        "The entry would have no meaning."
        "Fill it, or remove the key where it is optional."

    Repeated "F0112" Error
        "A list that names each thing once names one twice."
        "The same item was written again."
        "The product would refuse the list."
        "Remove the second one."

    ExtraKey "F0113" Error
        "The mapping has a key that it cannot have."
        "This mapping is closed: only the documented keys are allowed."
        "The plugin cannot be built."
        "Correct the spelling, or remove the key."

    KeyNotText "F0114" Error
        "A key that is a name is not a string."
        "YAML reads a plain `1`, `1.0`, `yes` or `null` as a number, a boolean or nothing, also as a key."
        "The name would not be found."
        "Put the key in quotes."

    DuplicateKey "F0115" Warning
        "A mapping has the same key twice."
        "A block was copied, or two changes were merged badly."
        "The last one wins; the first is ignored without a word by everything that reads the file."
        "Remove the one that is not meant."

    MistypedKey "F0116" Warning
        "An unknown key looks like a known one."
        "Unknown keys are allowed and ignored, so a slip of the finger goes unnoticed."
        "What the key says has no effect."
        "Correct the spelling."

    UnusedFile "F0117" Warning
        "The file belongs to a newer package version."
        "This package version does not know it."
        "It is packaged but has no effect."
        "Raise `package_version`, or remove the file."

    DocumentedName "F0118" Warning
        "The file's name is the one of the documentation, not of the programs."
        "Documents speak of `nic_attributes.yaml`, `bond_attributes.yaml` and `node_attributes.yaml`."
        "The file is packaged but nothing reads it."
        "Rename it to `nic_config.yaml`, `bond_config.yaml` or `node_config.yaml`."

    PackageVersion "F0120" Error
        "The package version is unknown."
        "`package_version` names the shape of the package, not the plugin's version, and has five possible values."
        "No rules can be chosen, so most of the plugin is not checked."
        "Write one of '1.0.0', '2.0.0', '3.0.0', '4.0.0' and '5.0.0'."

    PluginName "F0121" Error
        "The plugin's name has a character that names cannot have."
        "Names are folders, package names and part of addresses: a-z, 0-9, `_` and `-` only."
        "The plugin cannot be built."
        "Choose another name; `title` may have any characters."

    PluginVersion "F0122" Error
        "The plugin's version is not a version."
        "A version is two or three numbers, with `a1` or `b1` at the end of a pre-release."
        "Packages could neither be named nor compared, so the plugin cannot be built."
        "Write a version such as '1.0.2'."

    FuelVersion "F0123" Error
        "An entry of `fuel_version` is not a version."
        "Releases of the product are named by number, not by code name."
        "It cannot be told whether the product is new enough."
        "Write a version such as '9.0'."

    FuelVersionTooLow "F0124" Error
        "An entry of `fuel_version` is too old for the package version."
        "Each package version needs a product that knows it: 6.0, 6.1, 7.0, 8.0 and 9.0 for 1.0.0 to 5.0.0."
        "That product could not install the plugin."
        "Remove the entry, or use a lower `package_version`."

    BuildVersion "F0125" Error
        "`build_version` cannot be the release of a package."
        "It becomes part of the package's file name and begins with a letter or digit; letters, digits and `. _ + ~` may follow."
        "No package manager would accept the package."
        "Write a number or a short word without dashes and blanks, or leave the key out to get 1."

    PathMissing "F0126" Error
        "A folder that a release names is not there."
        "`deployment_scripts_path` or `repository_path` is misspelt, or the folder is empty and was lost by the version control."
        "The plugin cannot be built."
        "Create the folder, with a file such as `.gitkeep` in it, or correct the path."

    PathOutside "F0127" Error
        "A path of a release leads out of the plugin's folder."
        "The path is absolute, has too many `..`, or goes through a link that points elsewhere."
        "Foreign files would get into the package, and hosts could not find them."
        "Give a path below the plugin's folder and keep the files there."

    PathNotFolder "F0128" Warning
        "A path of a release names a file."
        "Scripts and packages are taken from folders."
        "The release will have no scripts or packages."
        "Name the folder that holds the file."

    TooWide "F0129" Warning
        "The text is longer than the server stores."
        "Servers keep 100 characters of name and title, 32 of versions, 400 of the description."
        "The server may refuse to register the plugin."
        "Shorten the text."

    DebianName "F0130" Warning
        "The plugin can have no Debian package."
        "Debian package names begin with a letter or a digit."
        "The plugin builds as an RPM only."
        "Choose a name that begins with a letter."

    NoAuthors "F0131" Warning
        "The list of authors is empty."
        "The skeleton was not filled in."
        "The package names no vendor, and users nobody to ask."
        "Name a person or a company."

    ControlCharacter "F0132" Warning
        "A text for people holds a control character."
        "An escape such as `\\e` in a double-quoted string, or text copied from a terminal."
        "Some programs show it as rubbish or let it steer the terminal."
        "Remove the character. Line breaks and tabs are fine: a title's are folded into blanks."

    NulCharacter "F0133" Error
        "A text for people holds the character NUL."
        "The escape `\\0` in a double-quoted string."
        "Package headers end at this character."
        "Remove the character."

    NameCollision "F0134" Error
        "Two plugins would have the same Debian package name."
        "Debian names have no underscore, so `_` becomes `-`, and `my_plugin` and `my-plugin` become one."
        "A host could install only one of them, and one would replace the other."
        "Rename one of the plugins."

    HookEncoding "F0140" Error
        "An install hook is not UTF-8 text."
        "It was saved in another encoding, is a compiled program, or holds the character NUL."
        "Packages carry install hooks as text, so it cannot be packaged."
        "Save the script as UTF-8; let it call a program from the plugin's folder."

    HookInterpreter "F0141" Warning
        "A hook does not say what runs it."
        "Its first line is not `#!` with an absolute path, or stands behind a byte order mark (BOM)."
        "It is run by `/bin/sh`, which may not be what it was written for."
        "Begin the file with a line such as `#!/bin/sh`, and save it without BOM."

    HookNotExecutable "F0142" Warning
        "The build hook is not executable."
        "The mode was lost, often in an archive or on another operating system."
        "A build skips the hook."
        "Run `chmod +x pre_build_hook`, or remove the file."

    HookCarriageReturn "F0143" Warning
        "A hook's first line ends with a carriage return."
        "The file has the line ends of another operating system."
        "The interpreter is looked for under a name that ends with the carriage return, and not found."
        "Save the file with plain line feeds."

    Stage "F0201" Error
        "The stage is not one that tasks can run in."
        "A stage is `pre_deployment` or `post_deployment`; from package version 2.0.0 on a number may follow, as in `post_deployment/6000`."
        "The task would never run."
        "Write the stage in one of these forms."

    TaskId "F0202" Error
        "The task's id has a character that ids cannot have."
        "Ids are made of letters, digits, `_` and `-`; from package version 4.0.0 on `*` stands for all."
        "Other tasks could not refer to it."
        "Choose another id."

    RoleName "F0203" Error
        "A role's name has a character that role names cannot have."
        "Role names are made of letters, digits, `_` and `-`. Expressions such as `/.*/` exist from package version 4.0.0 on and stand between slashes."
        "The task or role would fit no node."
        "Correct the name, or put slashes around a regular expression."

    RoleExpression "F0204" Error
        "A role's regular expression is broken."
        "The text between the slashes is not a regular expression."
        "The product would stop at the task."
        "Correct the expression; the engine's own complaint says where."

    TaskVersion "F0205" Error
        "The task's version is not three numbers."
        "The version of the task format is written like `2.1.0`."
        "The product could not tell how to run the task."
        "Write `2.0.0` or `2.1.0`."

    Permissions "F0206" Error
        "File permissions are not four octal digits."
        "Permissions are written like '0644', in quotes, or YAML reads a number."
        "The file would get other permissions than meant."
        "Write four digits from 0 to 7 in quotes."

    NoRole "F0210" Warning
        "The task may be assigned to no node."
        "None of `roles`, `groups` and `role` is there with content."
        "The task may never run."
        "Say which nodes run it, or make it a task of type `stage`."

    DuplicateTask "F0211" Warning
        "Two tasks have the same id."
        "A task was copied and its id kept."
        "One of them replaces the other or they are merged."
        "Give each task an id of its own."

    UnknownRole "F0212" Warning
        "A role is defined neither by the plugin nor by the product."
        "The name is misspelt, `node_roles.yaml` does not define it, or another plugin brings it."
        "Where no installed plugin defines the role, nothing is done for it."
        "Correct the name or define the role. A role of another plugin may stay."

    UnknownTask "F0213" Warning
        "A task refers to a name that is nearly the id of another task."
        "The reference is probably misspelt."
        "The order that was meant is not kept."
        "Correct the reference."

    AttributeName "F0220" Error
        "An attribute's name cannot be used here."
        "Names are made of letters, digits, `_` and `-` and do not begin with `metadata`."
        "The attribute could not be stored."
        "Choose another name."

    Restriction "F0221" Warning
        "A restriction of one key is taken for condition and message."
        "A mapping with a single key means condition -> message, so `{action: hide}` has the condition `action`."
        "The restriction never does what was meant."
        "Add the key `condition`."

    VipName "F0222" Error
        "The name of an address or namespace has a character that it cannot have."
        "These names are made of lower-case letters, digits, `_` and `-`."
        "The product would refuse the network role."
        "Choose another name."

    ComponentName "F0223" Error
        "The component's name is not of the form `kind:name`."
        "A name begins with `hypervisor`, `network`, `storage` or `additional_service`, and has lower-case parts joined by colons; only relations may end with `*`."
        "The product would refuse the plugin."
        "Write a name such as `network:neutron:vlan`."

    FileName "F0301" Error
        "A file's name cannot be packaged."
        "The name, or what a symlink says, is not UTF-8 text or holds a control character such as a line break."
        "Lists of files, such as `checksums.sha1`, could not name it."
        "Rename the file."

    SpecialFile "F0302" Error
        "A file is no regular file, folder or symlink."
        "A device, socket or pipe was left in the plugin's folder by a program that ran there."
        "No package can hold it."
        "Remove it; names at the top that begin with a dot are not packaged."

    SpecialMode "F0303" Error
        "A file has set-user-ID, set-group-ID or sticky bits."
        "It was copied with its mode from a system folder, or `chmod` was given too much."
        "On a host the file belongs to root: whoever runs it would have root's rights."
        "Remove the bits with `chmod u-s,g-s,-t`."

    DanglingLink "F0304" Error
        "A symlink leads nowhere."
        "Its target is missing, is not packaged, or is the link itself. Links are followed from the place that they have in the package."
        "It would lead nowhere on hosts, too."
        "Replace it with the file itself, or with a relative link to a file of the plugin."

    EscapingLink "F0305" Error
        "A symlink leads out of the plugin."
        "It has more `..` than there are folders above it, goes through another link that leaves, or contains the plugin itself."
        "Foreign files would get into the package, or into its place on hosts."
        "Copy what it leads to into the plugin."

    AbsoluteLink "F0306" Error
        "A symlink names an absolute path."
        "It was made with a full path, perhaps on the author's machine."
        "On hosts it would lead to whatever is at that path."
        "Make it relative: `ln -sr`."

    TreeSize "F0307" Error
        "The plugin has more files, folders within folders, or longer paths than a package may have."
        "Often a build's or a test's leftovers; the limits are 500000 files, 64 levels and 4096 bytes."
        "Those who read the package would refuse it."
        "Remove what is not needed, or pack many small files together."

    RelativeInterpreter "F0308" Error
        "An install hook's interpreter is not an absolute path."
        "Its first line is `#!` with a bare name such as `python3`."
        "Hosts would not find the interpreter, and the package could not be installed."
        "Write `#!/usr/bin/env python3`, or the full path."

    UnknownInterpreter "F0309" Warning
        "No Debian package is known to bring an install hook's interpreter."
        "Its first line names a program that is not in a folder of the system, or not a well-known one."
        "The plugin builds as an RPM, but not as a deb, which depends on packages by name."
        "Use `/bin/sh`, or a well-known interpreter such as `/usr/bin/python3`."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_explained() {
        for pair in Code::ALL.windows(2) {
            assert!(pair[0].as_str() < pair[1].as_str(), "{} before {}", pair[0], pair[1]);
        }
        for &code in Code::ALL {
            let Explanation { title, cause, effect, cure } = code.explanation();
            for text in [title, cause, effect, cure] {
                assert!(text.len() > 10 && text.ends_with('.'), "{code}: {text}");
            }
            assert_eq!(code.as_str().parse(), Ok(code));
            assert_eq!(code.to_string().to_lowercase().parse(), Ok(code));
        }
        assert!("F9999".parse::<Code>().is_err());
    }
}
