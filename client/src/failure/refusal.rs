//! Why no plan was made: one code for each [`Refusal`].

use client::Refusal;

use super::code::codes;

codes! {
    /// The product is older than new-format packages.
    OLD_PRODUCT = "P0201", Refused {
        title: "The product is too old for this package.",
        cause: "Packages of version 2.0.0 and later need product 6.1.",
        effect: "Nothing was changed.",
        cure: "Install the plugin in the old package format, or upgrade the product.",
    }
    /// The host takes another format.
    WRONG_FORMAT = "P0202", Refused {
        title: "The host does not install this format.",
        cause: "RPM, deb and fp packages are installed where a package manager of that family is, fp everywhere.",
        effect: "Nothing was changed.",
        cure: "Take the package that was built for this family of distributions.",
    }
    /// A package version in a format that is not its own.
    WRONG_CARRIER = "P0203", Refused {
        title: "The package's version and format do not go together.",
        cause: "Package version 1.0.0 comes as .fp, all others as RPM or deb.",
        effect: "Nothing was changed.",
        cure: "Build the package again with `fpb build`.",
    }
    /// Two packages for one folder.
    TWO_OFFERS = "P0204", Usage {
        title: "Two packages of one command would replace each other.",
        cause: "Both have the same name and release line, so that only one can be installed.",
        effect: "Nothing was changed.",
        cure: "Name one of them.",
    }
    /// No such plugin.
    UNKNOWN = "P0205", NotFound {
        title: "There is no such plugin.",
        cause: "No plugin of this name, line or version is registered or installed here.",
        effect: "Nothing was changed.",
        cure: "`plugins list` shows what there is.",
    }
    /// A name that stands for several plugins.
    AMBIGUOUS = "P0206", Usage {
        title: "The name stands for several plugins.",
        cause: "Several release lines or versions of it are here, and the command is for one.",
        effect: "Nothing was changed.",
        cure: "Add the line, `demo-1.0`, or the version, `demo==1.0.2`.",
    }
    /// An update to a lower version.
    OLDER = "P0207", Refused {
        title: "The version is older than the installed one.",
        cause: "`update` and `install` only go up on a release line.",
        effect: "Nothing was changed.",
        cure: "Use `plugins downgrade` to go back on purpose.",
    }
    /// A downgrade to a higher version.
    NEWER = "P0208", Refused {
        title: "The version is newer than the installed one.",
        cause: "`downgrade` only goes down on a release line.",
        effect: "Nothing was changed.",
        cure: "Use `plugins update` to go up.",
    }
    /// An update to another line.
    OTHER_LINE = "P0209", Refused {
        title: "The version is on another release line.",
        cause: "Versions replace each other within a line only: 1.0.1 by 1.0.2, never by 1.1.0.",
        effect: "Nothing was changed.",
        cure: "Use `plugins install` to put the other line beside the one that is there.",
    }
    /// An update of what is not there.
    NOT_INSTALLED = "P0210", NotFound {
        title: "The plugin is not installed.",
        cause: "`update` and `downgrade` are for plugins that are there.",
        effect: "Nothing was changed.",
        cure: "Use `plugins install`.",
    }
    /// An update in the old format.
    LEGACY_UPDATE = "P0211", Refused {
        title: "The old package format cannot be updated in place.",
        cause: "Each version of package version 1.0.0 has a folder of its own, which environments refer to.",
        effect: "Nothing was changed.",
        cure: "Install the new version beside the old and let the old folders lead to it with `plugins link`.",
    }
    /// A downgrade in the old format.
    LEGACY_DOWNGRADE = "P0212", Refused {
        title: "The old package format cannot be downgraded in place.",
        cause: "Each version of package version 1.0.0 has a folder of its own.",
        effect: "Nothing was changed.",
        cure: "Undo links with `plugins unlink`, or install the lower version beside the others.",
    }
    /// A legacy package over a new one.
    LEGACY_OVER_NEW = "P0213", Refused {
        title: "The old package format does not replace the new one.",
        cause: "The plugin is installed as a package of version 2.0.0 or later.",
        effect: "Nothing was changed.",
        cure: "Install the legacy package beside it, or build it in the new format.",
    }
    /// The same version in the other format.
    SAME_VERSION = "P0214", Conflict {
        title: "This version is here in another package format.",
        cause: "The registry has each version of a plugin once.",
        effect: "Nothing was changed.",
        cure: "Remove the one that is there first.",
    }
    /// A legacy version that is there.
    ALREADY_THERE = "P0215", Conflict {
        title: "There is nothing to do: the version is installed already.",
        cause: "A legacy package does not overwrite the folder of its version unless told to.",
        effect: "Nothing was changed; the installed files are as they were.",
        cure: "Use `--strategy always` (in the historical spelling `--force`) to replace them.",
    }
    /// Something else has the plugin's folder.
    FOLDER_TAKEN = "P0216", Conflict {
        title: "The folder that the plugin needs is taken.",
        cause: "A foreign link, a file, or a folder that is no plugin has its name.",
        effect: "Nothing was changed.",
        cure: "Move it away, or let `plugins doctor` look.",
    }
    /// A folder that is a link of the layer.
    THROUGH_LINK = "P0217", Conflict {
        title: "The folder is a link to another version.",
        cause: "Writing through it would change the version that it leads to; an entry goes with its link.",
        effect: "Nothing was changed.",
        cure: "Undo the link first with `plugins unlink`.",
    }
    /// Two plugins with one Debian name.
    PACKAGE_NAME_TAKEN = "P0218", Conflict {
        title: "Another plugin's package has this name.",
        cause: "In the names of Debian packages `_` and `-` are the same.",
        effect: "Nothing was changed.",
        cure: "Remove the other plugin, or rename one.",
    }
    /// The package manager did not finish.
    UNFINISHED = "P0219", Inconsistent {
        title: "The package manager has not finished with a package.",
        cause: "An earlier installation was cut off or one of its scripts failed.",
        effect: "Nothing was changed.",
        cure: "`plugins doctor --repair` has the package manager finish.",
    }
    /// A plugin that is kept from updates.
    HELD = "P0220", Conflict {
        title: "The plugin is held.",
        cause: "`plugins hold` keeps it as it is.",
        effect: "Nothing was changed.",
        cure: "`plugins unhold` lets it be updated again.",
    }
    /// No higher or lower version.
    NOTHING_TO_CHOOSE = "P0221", NotFound {
        title: "There is no version to go to.",
        cause: "Neither the repositories nor the kept packages have one on this line.",
        effect: "Nothing was changed.",
        cure: "Name a package file, or add a repository that has the version.",
    }
    /// A version that is not to be had.
    NOT_AVAILABLE = "P0222", NotFound {
        title: "The version is not available.",
        cause: "No repository and no kept package has it.",
        effect: "Nothing was changed.",
        cure: "`plugins list --available` shows what repositories have.",
    }
    /// A target of links.
    HAS_DEPENDANTS = "P0223", Conflict {
        title: "Folders of other versions are links to this one.",
        cause: "If it went, these links would lead nowhere.",
        effect: "Nothing was changed.",
        cure: "Undo the links first with `plugins unlink`.",
    }
    /// Not in the registry.
    NOT_REGISTERED = "P0224", NotFound {
        title: "The plugin is not registered.",
        cause: "No entry has this name and version; `1.0` does not find `1.0.0`.",
        effect: "Nothing was changed.",
        cure: "`plugins list` shows what is registered.",
    }
    /// Not in the plugins root.
    NOT_ON_DISK = "P0225", NotFound {
        title: "The plugin is not on the disk.",
        cause: "Only what is in the plugins root can be registered.",
        effect: "Nothing was changed.",
        cure: "Install it first.",
    }
    /// In a folder of another name.
    MISPLACED = "P0226", Inconsistent {
        title: "The plugin is in the wrong folder.",
        cause: "Its metadata has another name or version than its folder.",
        effect: "Nothing was changed.",
        cure: "Move the folder, or install the plugin from its package.",
    }
    /// A folder that cannot be read.
    BROKEN = "P0227", Inconsistent {
        title: "A plugin's folder cannot be read.",
        cause: "Its metadata is missing or damaged.",
        effect: "Nothing was changed.",
        cure: "Install the plugin again, or let `plugins doctor` look.",
    }
    /// A new-format folder to be a link.
    LINK_NOT_LEGACY = "P0228", Refused {
        title: "Only folders of the old package format become links.",
        cause: "Plugins of later package versions are updated in place.",
        effect: "Nothing was changed.",
        cure: "Use `plugins update`.",
    }
    /// A link to another line.
    LINK_OTHER_LINE = "P0229", Refused {
        title: "The link would leave the release line.",
        cause: "Another line may behave differently for the environments that use the old folder.",
        effect: "Nothing was changed.",
        cure: "`plugins link --force` makes the link all the same.",
    }
    /// A link to a lower version.
    LINK_NOT_LOWER = "P0230", Refused {
        title: "Links lead to higher versions.",
        cause: "The version to become a link is not lower than its target.",
        effect: "Nothing was changed.",
        cure: "Swap the versions.",
    }
    /// A link to a link.
    LINK_TO_LINK = "P0231", Refused {
        title: "The target is itself a link.",
        cause: "Links of the layer are one hop, so that none depends on another.",
        effect: "Nothing was changed.",
        cure: "Link to the version that the target leads to.",
    }
    /// No version to link.
    NOTHING_TO_LINK = "P0232", NotFound {
        title: "There is no version to link.",
        cause: "No legacy version of the plugin is lower than the target on its line.",
        effect: "Nothing was changed.",
        cure: "`plugins info NAME` shows what is there.",
    }
    /// Not a link.
    NOT_LINKED = "P0233", NotFound {
        title: "The folder is not a link of the layer.",
        cause: "`unlink` undoes what `link` made.",
        effect: "Nothing was changed.",
        cure: "`plugins info NAME` shows the links of a plugin.",
    }
    /// No transaction to reverse.
    NOTHING_TO_UNDO = "P0234", NotFound {
        title: "There is nothing to undo.",
        cause: "The history has no transaction that could be reversed.",
        effect: "Nothing was changed.",
        cure: "`plugins history` shows what happened.",
    }
    /// The host changed since.
    DIVERGED = "P0235", Conflict {
        title: "The host is no longer as the transaction left it.",
        cause: "Something changed the plugin after the transaction that is to be undone.",
        effect: "Nothing was changed.",
        cure: "Undo the later transaction first, or install the wanted version from its package.",
    }
    /// A kept package is gone.
    KEPT_MISSING = "P0236", NotFound {
        title: "The package to go back to is no longer kept.",
        cause: "Only the newest packages of a line are kept, up to a total size.",
        effect: "Nothing was changed.",
        cure: "Name the package file; `keep-versions` and `keep-size` are settings.",
    }
    /// Links that a version would no longer be above.
    OVERTAKEN_LINKS = "P0237", Conflict {
        title: "Links would lead to a version that is not higher.",
        cause: "Folders of other versions are links to this one, and it would become older than they are.",
        effect: "Nothing was changed.",
        cure: "Undo the links first with `plugins unlink`.",
    }
    /// No entry has the number.
    UNKNOWN_RECORD = "P0238", NotFound {
        title: "No plugin has this number.",
        cause: "A number given with `--plugin` is in no entry of the registry.",
        effect: "Nothing was changed.",
        cure: "`plugins list` shows the numbers.",
    }
    /// A repair.
    REPAIR = "P0239", Refused {
        title: "A repair cannot be undone.",
        cause: "`plugins doctor --repair` made the host whole; there is no state worth going back to.",
        effect: "Nothing was changed.",
        cure: "`plugins history` shows the transactions before and after it.",
    }
    /// What came by a package manager goes by it.
    NO_PACKAGE_MANAGER = "P0240", Refused {
        title: "The host has no package manager.",
        cause: "The plugin came as a package. Neither an RPM nor a dpkg database was found to take it out of.",
        effect: "Nothing was changed.",
        cure: "Name the package manager with the setting `package-manager`, or mend its database first.",
    }
    /// Nobody who is trusted vouches for the package.
    UNTRUSTED = "P0241", Refused {
        title: "Nobody who is trusted vouches for the package.",
        cause: "It has no signature that counts on this host.",
        effect: "Nothing was changed.",
        cure: "Have it signed with `fpb sign`, and its key trusted with `plugins trust add`.",
    }
    /// The right key on the wrong plugin.
    OUT_OF_SCOPE = "P0242", Refused {
        title: "The package's key is trusted for other plugins.",
        cause: "A key vouches for the plugins of its scope and no others.",
        effect: "Nothing was changed.",
        cure: "Ask the publisher whether the package is theirs; then widen the scope with `plugins trust add`.",
    }
    /// Another publisher.
    OTHER_PUBLISHER = "P0243", Refused {
        title: "The plugin comes from another publisher than before.",
        cause: "A plugin is bound to the publisher that it first came from, so that nobody can take its name over.",
        effect: "Nothing was changed.",
        cure: "If the plugin has changed hands, repeat the command with `--accept-publisher`.",
    }
    /// Scripts of its own.
    OWN_SCRIPTS = "P0244", Refused {
        title: "The package runs scripts of its own as root.",
        cause: "Under `trust-policy: strict` only what fpb itself generates runs.",
        effect: "Nothing was changed.",
        cure: "Read them with `fpb inspect`; then repeat the command with `--allow-scripts`, or allow them in the key's scope.",
    }
    /// A key that cannot be brought back.
    KEY_GONE = "P0245", NotFound {
        title: "The key cannot be brought back.",
        cause: "It was not put by when it was trusted no more, or is gone since.",
        effect: "Nothing was changed.",
        cure: "Give the certificate to `plugins trust add`.",
    }
    /// A name within a wider pattern.
    WIDER_SCOPE = "P0246", Refused {
        title: "The name is within a wider pattern.",
        cause: "The key is trusted for a pattern that has this name, and a scope has no exceptions.",
        effect: "Nothing was changed.",
        cure: "Trust the key for the names that are to stay, then take the wider pattern away with `plugins trust remove --for`.",
    }
    /// A withdrawn version.
    WITHDRAWN = "P0260", Refused {
        title: "The version is withdrawn.",
        cause: "A security notice of a repository, signed by its key, says that nobody should install this version any more.",
        effect: "Nothing was changed.",
        cure: "Take a higher version; `--allow-vulnerable` brings this one all the same, which the history tells.",
    }
    /// A file that a repository needs is somebody else's.
    SOURCE_TAKEN = "P0261", Conflict {
        title: "A repository of this name is set up already.",
        cause: "A file that `plugins repo add` would write is there and was written by somebody else.",
        effect: "Nothing was changed.",
        cure: "Remove the file, or give the repository another name with `--name`.",
    }
    /// No such repository.
    UNKNOWN_SOURCE = "P0262", NotFound {
        title: "There is no such repository.",
        cause: "No repository of this name was added with `plugins repo add`.",
        effect: "Nothing was changed.",
        cure: "`plugins repo list` shows those that were.",
    }
}

/// Returns the code of a refusal.
pub(super) fn code(refusal: &Refusal) -> super::Code {
    match refusal {
        Refusal::OldProduct { .. } => OLD_PRODUCT,
        Refusal::WrongFormat { .. } => WRONG_FORMAT,
        Refusal::WrongCarrier { .. } => WRONG_CARRIER,
        Refusal::TwoOffers { .. } => TWO_OFFERS,
        Refusal::Unknown { .. } => UNKNOWN,
        Refusal::Ambiguous { .. } => AMBIGUOUS,
        Refusal::Older { .. } => OLDER,
        Refusal::Newer { .. } => NEWER,
        Refusal::OtherLine { .. } => OTHER_LINE,
        Refusal::NotInstalled { .. } => NOT_INSTALLED,
        Refusal::LegacyUpdate { .. } => LEGACY_UPDATE,
        Refusal::LegacyDowngrade { .. } => LEGACY_DOWNGRADE,
        Refusal::LegacyOverNew { .. } => LEGACY_OVER_NEW,
        Refusal::SameVersion { .. } => SAME_VERSION,
        Refusal::AlreadyThere { .. } => ALREADY_THERE,
        Refusal::FolderTaken { .. } => FOLDER_TAKEN,
        Refusal::ThroughLink { .. } => THROUGH_LINK,
        Refusal::PackageNameTaken { .. } => PACKAGE_NAME_TAKEN,
        Refusal::Unfinished { .. } => UNFINISHED,
        Refusal::Held { .. } => HELD,
        Refusal::NothingToChoose { .. } => NOTHING_TO_CHOOSE,
        Refusal::NotAvailable { .. } => NOT_AVAILABLE,
        Refusal::HasDependants { .. } => HAS_DEPENDANTS,
        Refusal::NotRegistered { .. } => NOT_REGISTERED,
        Refusal::NotOnDisk { .. } => NOT_ON_DISK,
        Refusal::Misplaced { .. } => MISPLACED,
        Refusal::Broken { .. } => BROKEN,
        Refusal::LinkNotLegacy { .. } => LINK_NOT_LEGACY,
        Refusal::LinkOtherLine { .. } => LINK_OTHER_LINE,
        Refusal::LinkNotLower { .. } => LINK_NOT_LOWER,
        Refusal::LinkToLink { .. } => LINK_TO_LINK,
        Refusal::NothingToLink { .. } => NOTHING_TO_LINK,
        Refusal::NotLinked { .. } => NOT_LINKED,
        Refusal::NothingToUndo => NOTHING_TO_UNDO,
        Refusal::Diverged { .. } => DIVERGED,
        Refusal::KeptMissing { .. } => KEPT_MISSING,
        Refusal::OvertakenLinks { .. } => OVERTAKEN_LINKS,
        Refusal::UnknownRecord(_) => UNKNOWN_RECORD,
        Refusal::Repair { .. } => REPAIR,
        Refusal::NoPackageManager { .. } => NO_PACKAGE_MANAGER,
        Refusal::Untrusted { .. } => UNTRUSTED,
        Refusal::OutOfScope { .. } => OUT_OF_SCOPE,
        Refusal::OtherPublisher { .. } => OTHER_PUBLISHER,
        Refusal::OwnScripts { .. } => OWN_SCRIPTS,
        Refusal::WiderScope { .. } => WIDER_SCOPE,
        Refusal::KeyGone { .. } => KEY_GONE,
        Refusal::Withdrawn { .. } => WITHDRAWN,
        Refusal::SourceTaken { .. } => SOURCE_TAKEN,
        Refusal::UnknownSource { .. } => UNKNOWN_SOURCE,
    }
}
