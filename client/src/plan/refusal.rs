//! Why no plan was made.

mod help;
mod obstacle;
mod sort;

use std::path::PathBuf;

use plugin::{Format, Generation, PluginId, PluginName, ReleaseLine, Version};
use registry::RecordId;

use crate::spec::Target;
pub use obstacle::Obstacle;
pub use sort::Sort;

/// Why no plan was made. Nothing has been changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The host's product is older than new-format packages (`fuel 4.1`).
    #[error("`{plugin}` has package version {generation}, which product {product} does not know")]
    OldProduct {
        /// What was offered.
        plugin: PluginId,
        /// Its package version.
        generation: Generation,
        /// The host's product.
        product: String,
    },
    /// The host's package manager takes another format, or there is none.
    #[error("`{plugin}` comes as {}, which this host does not install", format_name(*.offered))]
    WrongFormat {
        /// What was offered.
        plugin: PluginId,
        /// In what.
        offered: Format,
        /// What the host takes.
        taken: Option<Format>,
    },
    /// A legacy plugin in an RPM or deb, or another in an fp.
    #[error("`{plugin}` of package version {generation} cannot come as {}", format_name(*.format))]
    WrongCarrier {
        /// What was offered.
        plugin: PluginId,
        /// Its package version.
        generation: Generation,
        /// In what.
        format: Format,
    },
    /// Two packages of one command would replace each other.
    #[error("both {first} and {second} are given, and only one of them can be there")]
    TwoOffers {
        /// One.
        first: PluginId,
        /// The other.
        second: PluginId,
    },
    /// A name, line or version that the host does not have.
    #[error("no plugin `{target}` is here")]
    Unknown {
        /// What was asked for.
        target: Target,
        /// A name that was probably meant.
        near: Option<PluginName>,
        /// Versions that the host has of the name.
        present: Vec<PluginId>,
    },
    /// A name that stands for several plugins where one is meant.
    #[error("`{target}` stands for {} plugins", .candidates.len())]
    Ambiguous {
        /// What was asked for.
        target: Target,
        /// What it stands for.
        candidates: Vec<PluginId>,
    },
    /// An update or downgrade of what is not there.
    #[error("`{}-{}` is not installed", .offered.name, .offered.line())]
    NotInstalled {
        /// What was offered.
        offered: PluginId,
        /// How to name it to a command.
        given: String,
    },
    /// Installation or update with a lower version.
    #[error("{} {} is older than the installed {installed}; update only goes up", .offered.name, .offered.version)]
    Older {
        /// What was offered.
        offered: PluginId,
        /// What is there.
        installed: Version,
        /// How to name it to a command.
        given: String,
    },
    /// Downgrade with a higher version.
    #[error("{} {} is newer than the installed {installed}; downgrade only goes down", .offered.name, .offered.version)]
    Newer {
        /// What was offered.
        offered: PluginId,
        /// What is there.
        installed: Version,
        /// How to name it to a command.
        given: String,
    },
    /// Update or downgrade to another release line.
    #[error("{offered} is on another release line than the installed {}", list(.installed))]
    OtherLine {
        /// What was offered.
        offered: PluginId,
        /// What is there.
        installed: Vec<PluginId>,
        /// How to name it to a command.
        given: String,
    },
    /// Update where one side is legacy (`fuel 4.2`).
    #[error("`{}` is in the old package format, which cannot be updated in place", .offered.name)]
    LegacyUpdate {
        /// What was offered.
        offered: PluginId,
        /// The legacy versions that are there and lower, oldest first.
        installed: Vec<Version>,
        /// How to name it to a command.
        given: String,
        /// Whether the offered version is installed already.
        there: bool,
        /// The plugins root.
        plugins: PathBuf,
    },
    /// Downgrade where one side is legacy.
    #[error("`{}` is in the old package format, which cannot be downgraded in place", .offered.name)]
    LegacyDowngrade {
        /// What was offered.
        offered: PluginId,
        /// Whether versions of it are links, which can be undone.
        linked: bool,
        /// How to name it to a command.
        given: String,
    },
    /// Update or downgrade of a new-format plugin with a legacy package.
    #[error("{offered} is in the old package format and cannot replace the installed {installed}")]
    LegacyOverNew {
        /// What was offered.
        offered: PluginId,
        /// What is there.
        installed: PluginId,
        /// How to name it to a command.
        given: String,
    },
    /// The same name and version in the other format: the registry has each version once.
    #[error("{offered} is here already with package version {generation}")]
    SameVersion {
        /// What was offered or found.
        offered: PluginId,
        /// The package version of what is there.
        generation: Generation,
    },
    /// The legacy version is there and may differ from what is offered.
    #[error("{plugin} is installed already; its files stay as they are")]
    AlreadyThere {
        /// Which.
        plugin: PluginId,
        /// How to name the offer to a command.
        given: String,
        /// Whether only the registry does not know it.
        unregistered: bool,
    },
    /// The folder that a legacy plugin needs is a link, a stray file or a broken plugin.
    #[error("`{folder}` in the plugins root is {what}, which is not replaced")]
    FolderTaken {
        /// The folder.
        folder: String,
        /// What it is.
        what: Obstacle,
        /// How to name the offer to a command.
        given: String,
    },
    /// The folder is a link of the layer: writing there would change the target (`fuel 4.5`, rule 6).
    #[error("the folder of {plugin} is a link to {target}, and the link has to go first")]
    ThroughLink {
        /// Which.
        plugin: PluginId,
        /// What the link leads to.
        target: Version,
    },
    /// Another plugin's package has the same name in Debian's spelling.
    #[error("the package name `{package}` of {plugin} belongs to `{folder}` on this host")]
    PackageNameTaken {
        /// What was offered.
        plugin: PluginId,
        /// The name.
        package: String,
        /// The folder of the package that has it.
        folder: String,
    },
    /// The package manager did not finish with a package that the plan would touch.
    #[error("the package manager has not finished with `{package}`: {condition}")]
    Unfinished {
        /// The package.
        package: String,
        /// In the database's words.
        condition: String,
    },
    /// Kept from updates.
    #[error("`{name}-{line}` is held")]
    Held {
        /// The plugin.
        name: PluginName,
        /// Its line.
        line: ReleaseLine,
    },
    /// No repository or kept package has what is asked for.
    #[error(
        "no {direction} version of `{name}-{line}` than the installed {installed} is available"
    )]
    NothingToChoose {
        /// The plugin.
        name: PluginName,
        /// Its line.
        line: ReleaseLine,
        /// What is there.
        installed: Version,
        /// `higher` or `lower`.
        direction: &'static str,
    },
    /// The version asked for by number is not to be had.
    #[error("`{target}` is not available")]
    NotAvailable {
        /// What was asked for.
        target: Target,
        /// What is available of it.
        available: Vec<PluginVersion>,
    },
    /// Versions of the layer need the plugin.
    #[error("{target} cannot go: the folders of {} are links to it", versions(.olds))]
    HasDependants {
        /// The target.
        target: PluginId,
        /// Whose folders are links to it.
        olds: Vec<Version>,
    },
    /// Links would no longer lead to a higher version.
    #[error("{target} is not newer than {}, whose folders are links to it", versions(.olds))]
    OvertakenLinks {
        /// The target as it would become.
        target: PluginId,
        /// Whose folders are links to it.
        olds: Vec<Version>,
    },
    /// No entry has the number.
    #[error("no plugin has the id {0}")]
    UnknownRecord(RecordId),
    /// Not registered.
    #[error("`{target}` is not registered")]
    NotRegistered {
        /// What was asked for.
        target: Target,
        /// A name that was probably meant.
        near: Option<PluginName>,
    },
    /// Not in the plugins root.
    #[error("no folder in the plugins root has exactly `{target}`")]
    NotOnDisk {
        /// What was asked for.
        target: Target,
        /// What is there of the same name.
        present: Vec<PluginId>,
    },
    /// On disk, in a folder of another name.
    #[error("{plugin} is in the folder `{folder}`, and belongs in `{expected}`")]
    Misplaced {
        /// Which.
        plugin: PluginId,
        /// Where it is.
        folder: String,
        /// Where it belongs.
        expected: String,
    },
    /// A plugin's folder cannot be read.
    #[error("the folder `{folder}` cannot be read as a plugin: {reason}")]
    Broken {
        /// The folder.
        folder: String,
        /// Why.
        reason: String,
    },
    /// Only legacy versions can be links (`fuel 4.5`, rule 2).
    #[error("{plugin} is not in the old package format; only such folders become links")]
    LinkNotLegacy {
        /// Which.
        plugin: PluginId,
    },
    /// Links stay on a release line unless forced (rule 2).
    #[error("{name} {old} and {target} are on different release lines")]
    LinkOtherLine {
        /// The plugin.
        name: PluginName,
        /// The version to become a link.
        old: Version,
        /// Its target.
        target: Version,
    },
    /// Links lead to higher versions (rule 2).
    #[error("{name} {old} is not lower than {target}")]
    LinkNotLower {
        /// The plugin.
        name: PluginName,
        /// The version to become a link.
        old: Version,
        /// Its target.
        target: Version,
    },
    /// Links are one hop (rule 4).
    #[error("the folder of {target} is itself a link to {effective}")]
    LinkToLink {
        /// What was to be the target.
        target: PluginId,
        /// Where its link leads.
        effective: Version,
    },
    /// Nothing lower is there that could be linked.
    #[error("no version of `{name}` in the old package format is lower than {target} on its line")]
    NothingToLink {
        /// The plugin.
        name: PluginName,
        /// The target.
        target: Version,
    },
    /// Not a link of the layer.
    #[error("{} of the layer", unlinked(.name, .old.as_ref()))]
    NotLinked {
        /// The plugin.
        name: PluginName,
        /// The version; `None` where it has no link at all.
        old: Option<Version>,
    },
    /// Nobody vouches for it who is trusted.
    #[error("{offered} is refused: {problem}")]
    Untrusted {
        /// What was offered.
        offered: PluginId,
        /// What is the matter with its signature.
        problem: String,
    },
    /// The right key on the wrong plugin.
    #[error("{offered} is signed by {key}, who is trusted for {} only", none_if_empty(.scope))]
    OutOfScope {
        /// What was offered.
        offered: PluginId,
        /// Who signed it.
        key: String,
        /// What that key is trusted for.
        scope: String,
    },
    /// Another publisher than the plugin had.
    #[error("{offered} is signed by {now}, and `{}` has been published by {bound} so far", .offered.name)]
    OtherPublisher {
        /// What was offered.
        offered: PluginId,
        /// The certificate that the plugin is bound to.
        bound: String,
        /// Who signed this.
        now: String,
        /// How to name it to a command.
        given: String,
    },
    /// Scripts that run as root and are not the builder's own.
    #[error("{offered} runs scripts of its own as root: {}", .scripts.join(", "))]
    OwnScripts {
        /// What was offered.
        offered: PluginId,
        /// Their names.
        scripts: Vec<String>,
        /// How to name it to a command.
        given: String,
    },
    /// A name that cannot be taken out of the pattern which has it.
    #[error("`{pattern}` is within `{wider}`, for which the key is trusted")]
    WiderScope {
        /// What was to be taken out.
        pattern: String,
        /// What has it.
        wider: String,
    },
    /// A key that an undo would bring back is nowhere to be had.
    #[error("the certificate {certificate} was not put by")]
    KeyGone {
        /// The certificate.
        certificate: String,
    },
    /// There is nothing to reverse.
    #[error("nothing is left to undo")]
    NothingToUndo,
    /// What the doctor mended.
    #[error("transaction {transaction} was a repair (it {what}) and cannot be undone")]
    Repair {
        /// The transaction.
        transaction: i64,
        /// What was mended.
        what: String,
    },
    /// The host is no longer as the transaction left it.
    #[error("{subject} is {found}, and transaction {transaction} left it {expected}")]
    Diverged {
        /// What differs.
        subject: String,
        /// How the transaction left it.
        expected: String,
        /// How it is.
        found: String,
        /// Which transaction.
        transaction: i64,
    },
    /// The package that is to come back is not kept, and no repository has it.
    #[error("the package of {plugin} is not kept")]
    KeptMissing {
        /// The plugin.
        plugin: PluginId,
        /// SHA-256 of the package, where it was ever known.
        sha256: Option<String>,
    },
    /// A notice about security withdraws the version (`threats-and-faults` A3).
    #[error("{plugin} is withdrawn by {advisory}")]
    Withdrawn {
        /// Which.
        plugin: PluginId,
        /// The notice.
        advisory: String,
    },
    /// A file that a repository needs is there, and is not one of ours.
    #[error("`/{path}` is there already, and was not made by `plugins repo add`")]
    SourceTaken {
        /// The repository's name.
        name: String,
        /// The file, below the root.
        path: String,
    },
    /// No such repository.
    #[error("no repository `{name}` was added here")]
    UnknownSource {
        /// What was asked for.
        name: String,
        /// Those that were.
        known: Vec<String>,
    },
    /// What came by a package manager goes by it.
    #[error("{plugin} came as a package, and this host has no package manager to remove it")]
    NoPackageManager {
        /// The plugin.
        plugin: PluginId,
    },
}

/// A plugin's version that a repository has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginVersion {
    /// The plugin.
    pub name: PluginName,
    /// The version.
    pub version: Version,
}

fn none_if_empty(scope: &str) -> &str {
    if scope.is_empty() { "nothing" } else { scope }
}

fn unlinked(name: &PluginName, old: Option<&Version>) -> String {
    match old {
        Some(version) => format!("the folder of {name} {version} is not a link"),
        None => format!("no folder of {name} is a link"),
    }
}

/// Returns a format as people call its files.
fn format_name(format: Format) -> &'static str {
    match format {
        Format::Fp => "an .fp file",
        Format::Rpm => "an RPM",
        Format::Deb => "a deb",
    }
}

fn list(plugins: &[PluginId]) -> String {
    plugins.iter().map(PluginId::to_string).collect::<Vec<_>>().join(", ")
}

fn versions(versions: &[Version]) -> String {
    versions.iter().map(Version::as_str).collect::<Vec<_>>().join(", ")
}
