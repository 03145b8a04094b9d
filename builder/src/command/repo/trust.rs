//! Whose signatures count when a published tree is judged.

use std::path::{Path, PathBuf};

use builder::repo::{Keys, Repository, Trust};
use clap::{Args, ValueHint};
use console::{Failure, Report};
use packaging::signature::TrustStore;

use crate::environment::Environment;
use crate::failure::{self, Kind, require};

/// Whom to trust.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// File with certificates to trust; may be given several times [default: the tree's own key, which
    /// has to be the one that `repo.yaml` names]
    #[arg(long, value_name = "CERTFILE", value_hint = ValueHint::FilePath)]
    trust: Vec<PathBuf>,
    /// Compare digests only, not signatures
    #[arg(long, conflicts_with = "trust")]
    unsigned: bool,
}

/// The keys that were chosen.
pub(crate) struct Chosen(Option<Keys>);

impl Chosen {
    /// Returns whom to trust.
    pub(crate) fn trust(&self) -> Trust<'_> {
        self.0.as_ref().map_or(Trust::Anybody, |keys| Trust::Keys(keys))
    }
}

impl Choice {
    /// Reads the keys, or takes the tree's own.
    pub(crate) fn keys(
        &self,
        folder: &Path,
        environment: &Environment,
        report: &mut Report,
    ) -> Result<Chosen, Failure> {
        if self.unsigned {
            return Ok(Chosen(None));
        }
        let trust = if self.trust.is_empty() { own(folder, report)? } else { given(&self.trust)? };
        Ok(Chosen(Some(Keys { trust, at: environment.now })))
    }
}

fn given(files: &[PathBuf]) -> Result<TrustStore, Failure> {
    let mut trust = TrustStore::default();
    for file in files {
        require(file)?;
        add(&mut trust, file)?;
    }
    Ok(trust)
}

/// Returns the key that lies in the tree. Only a repository says whether it is the right one.
fn own(folder: &Path, report: &mut Report) -> Result<TrustStore, Failure> {
    let repository = Repository::open(folder).ok();
    let public = repository.as_ref().map_or_else(|| folder.to_owned(), Repository::public);
    let file = public.join("key.asc");
    if !file.exists() {
        return Err(Failure::new(Kind::Unsound, "the repository is not signed")
            .help("compare digests alone with `--unsigned`"));
    }
    let mut trust = TrustStore::default();
    add(&mut trust, &file)?;
    let wanted = repository.and_then(|repository| repository.settings.key);
    let found: Vec<_> = trust.certificates().map(|it| it.fingerprint).collect();
    match wanted {
        Some(wanted) if found.iter().all(|key| key.as_str() == wanted.as_str()) => {}
        Some(wanted) => {
            let message = format!("the repository has not the key {wanted} that `repo.yaml` names");
            return Err(Failure::new(Kind::Unsound, message));
        }
        None => report.warning(
            &Failure::new(Kind::Unsound, "only the tree's own key says that it may be trusted")
                .help("name the right certificate with `--trust`"),
        ),
    }
    Ok(trust)
}

fn add(trust: &mut TrustStore, file: &Path) -> Result<(), Failure> {
    let bytes = fs_err::read(file).map_err(|error| failure::repository(error.into()))?;
    trust.add(&bytes).map_err(|error| {
        let message = format!("`{}` cannot be trusted", file.display());
        Failure::new(Kind::Usage, message).cause(error)
    })
}
