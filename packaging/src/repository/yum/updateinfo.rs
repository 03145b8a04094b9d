//! Security notices as yum and dnf read them.

use rpmrepo_metadata::{
    Checksum, MetadataError, UpdateCollection, UpdateCollectionPackage, UpdateRecord,
    UpdateReference, UpdateinfoXml, utils::create_xml_writer,
};

use super::Record;

/// A notice about security. Its texts have no control characters but line ends.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    /// Its name, which no other notice has.
    pub id: &'a str,
    /// Who publishes it.
    pub from: &'a str,
    /// The repository that has the fixes.
    pub repository: &'a str,
    /// `Critical`, `Important`, `Moderate` or `Low`.
    pub severity: &'static str,
    /// One line.
    pub title: &'a str,
    /// What is wrong and what to do, as text.
    pub description: &'a str,
    /// When it was published: `2026-11-22 10:00:00`.
    pub issued: String,
    /// What it is about, as the world calls it: `CVE-2026-0001`.
    pub cves: Vec<&'a str>,
    /// Where more is to be read.
    pub references: Vec<&'a str>,
    /// Whether hosts have to be started again.
    pub reboot: bool,
    /// Whether the programs that use the plugin have to be.
    pub restart: bool,
    /// The packages that mend it.
    pub fixed: Vec<Fixed<'a>>,
}

/// A package that mends what a notice is about.
#[derive(Clone, Copy, Debug)]
pub struct Fixed<'a> {
    /// What the metadata says of it.
    pub record: &'a Record,
    /// The name of its file.
    pub file: &'a str,
}

/// Returns the document that has all `notices`.
pub(super) fn document(notices: &[Notice<'_>]) -> Result<Vec<u8>, MetadataError> {
    let mut bytes = Vec::new();
    let mut writer = UpdateinfoXml::new_writer(create_xml_writer(&mut bytes));
    writer.write_header()?;
    for notice in notices {
        writer.write_updaterecord(&record(notice))?;
    }
    writer.finish()?;
    drop(writer);
    Ok(bytes)
}

fn record(notice: &Notice<'_>) -> UpdateRecord {
    let packages = notice.fixed.iter().map(|fixed| package(notice, fixed)).collect();
    let repository = notice.repository.to_owned();
    UpdateRecord {
        from: notice.from.to_owned(),
        update_type: "security".to_owned(),
        status: "final".to_owned(),
        version: "1".to_owned(),
        id: notice.id.to_owned(),
        title: notice.title.to_owned(),
        issued_date: Some(notice.issued.clone()),
        severity: Some(notice.severity.to_owned()),
        summary: Some(notice.title.to_owned()),
        description: Some(notice.description.to_owned()),
        reboot_suggested: notice.reboot,
        references: references(notice),
        pkglist: vec![UpdateCollection {
            name: repository.clone(),
            shortname: repository,
            packages,
            module: None,
        }],
        ..UpdateRecord::default()
    }
}

fn package(notice: &Notice<'_>, Fixed { record, file }: &Fixed<'_>) -> UpdateCollectionPackage {
    UpdateCollectionPackage {
        name: record.name.clone(),
        epoch: record.epoch.to_string(),
        version: record.version.clone(),
        release: record.release.clone(),
        arch: record.architecture.clone(),
        filename: (*file).to_owned(),
        checksum: Some(Checksum::Sha256(record.sha256.clone())),
        reboot_suggested: notice.reboot,
        restart_suggested: notice.restart,
        ..UpdateCollectionPackage::default()
    }
}

fn references(notice: &Notice<'_>) -> Vec<UpdateReference> {
    let cves = notice.cves.iter().map(|cve| UpdateReference {
        href: format!("https://www.cve.org/CVERecord?id={cve}"),
        id: (*cve).to_owned(),
        title: (*cve).to_owned(),
        reftype: "cve".to_owned(),
    });
    let others = notice.references.iter().map(|href| UpdateReference {
        href: (*href).to_owned(),
        id: String::new(),
        title: (*href).to_owned(),
        reftype: "other".to_owned(),
    });
    cves.chain(others).collect()
}
