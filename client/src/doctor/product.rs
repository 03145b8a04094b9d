//! Whether plugins fit the product that the host has.

use super::packages::or_well;
use super::{Check, Examination, Finding, Severity};
use crate::compat::{Verdict, with_product};

/// D17. What is wrong here only another package can mend.
pub(super) fn product(seen: &Examination) -> Vec<Finding> {
    let Some(product) = &seen.host.profile.product else {
        return vec![Finding::well(Check::Product, "the host names no product")];
    };
    let mut found = Vec::new();
    for row in with_product(product, &seen.host.records, &[]) {
        if row.verdict != Verdict::Ok {
            let plugin = format!("{}=={}", row.name, row.version);
            let reason = row.reason.unwrap_or_default();
            let sentence = format!("{plugin} does not fit the product {product}: it {reason}");
            found.push(Finding::new(Check::Product, Severity::Warn, sentence).about([plugin]));
        }
    }
    or_well(found, Check::Product, &format!("every plugin fits {product}"))
}
