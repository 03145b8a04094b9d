//! Packages kept from earlier installations, for downgrade and undo without a network.

use std::collections::BTreeMap;
use std::io;

use registry::history::Transaction;

use crate::offer::shelf::{Label, Shelf};
use crate::{KeptPackage, Places};

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many versions of a release line.
    pub versions: u64,
    /// How many bytes altogether.
    pub bytes: u64,
}

/// Lists the kept packages, those that were installed last first.
pub fn list(places: &Places) -> io::Result<Vec<KeptPackage>> {
    let labels = newest_first(&Shelf::new(places.kept()))?;
    Ok(labels
        .into_iter()
        .map(|(sha256, label)| KeptPackage {
            plugin: label.plugin,
            format: label.format,
            sha256,
            size: label.size,
            origin: label.origin,
            voucher: label.voucher,
        })
        .collect())
}

/// Drops the oldest packages that are too many; none of the transaction under way, which may have to be
/// gone on with.
pub(crate) fn prune(shelf: &Shelf, limits: Limits, current: Transaction) -> io::Result<()> {
    let labels = newest_first(shelf)?;
    let surplus = surplus(&labels, limits).into_iter();
    for (sha256, label) in surplus.filter(|(_, label)| label.transaction != Some(current)) {
        shelf.remove(sha256, label.format)?;
    }
    Ok(())
}

/// Returns what of `labels`, newest first, is too much.
fn surplus(labels: &[(String, Label)], limits: Limits) -> Vec<&(String, Label)> {
    let mut on_line = BTreeMap::<_, u64>::new();
    let mut bytes = 0;
    let mut surplus = Vec::new();
    for item in labels {
        let (_, Label { plugin, size, .. }) = item;
        let count = on_line.entry((&plugin.name, plugin.line())).or_default();
        *count += 1;
        bytes += size;
        if *count > limits.versions || bytes > limits.bytes {
            surplus.push(item);
        }
    }
    surplus
}

fn newest_first(shelf: &Shelf) -> io::Result<Vec<(String, Label)>> {
    let mut labels = shelf.labels()?;
    labels.sort_by(|(sha, one), (other_sha, other)| {
        other.transaction.cmp(&one.transaction).then_with(|| sha.cmp(other_sha))
    });
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use plugin::{Format, Generation, PluginId};
    use registry::{Origin, Voucher};

    use super::*;
    use crate::offer::shelf::Extent;

    #[test]
    fn no_more_versions_of_a_line_and_bytes_are_kept_than_allowed() {
        let label = |version: &str, size| {
            let id = PluginId {
                name: "demo".parse().unwrap(),
                version: version.parse().unwrap(),
                generation: Generation::V5,
            };
            let unpacked = Extent::default();
            let label = Label {
                plugin: id,
                format: Format::Rpm,
                size,
                unpacked,
                transaction: None,
                origin: Origin::File,
                voucher: Voucher::Unknown,
            };
            (version.to_owned(), label)
        };
        let newest_first =
            [label("1.0.3", 5), label("1.1.0", 5), label("1.0.2", 5), label("1.0.1", 5)];
        let surplus = |versions, bytes| {
            let surplus = surplus(&newest_first, Limits { versions, bytes }).into_iter();
            surplus.map(|(name, _)| name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(surplus(2, 100), ["1.0.1"]);
        assert_eq!(surplus(2, 10), ["1.0.2", "1.0.1"]);
        assert_eq!(surplus(1, 100), ["1.0.2", "1.0.1"]);
        assert_eq!((surplus(3, 100).len(), surplus(2, 0).len(), surplus(0, 100).len()), (0, 4, 4));
    }
}
