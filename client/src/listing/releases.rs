//! Where a plugin can be deployed, on one line (`fuel-client 2.1`).

use serde_json::{Map, Value};

/// Returns `ubuntu (mitaka-9.0, liberty-8.0), centos (mitaka-9.0)`: operating systems in the order in
/// which they first appear. An entry that names none belongs to no list and is left out.
pub fn releases(releases: &[Map<String, Value>]) -> String {
    let mut systems: Vec<(&str, Vec<&str>)> = Vec::new();
    for release in releases {
        let text = |key| release.get(key).and_then(Value::as_str);
        let Some(os) = text("os").or_else(|| text("operating_system")) else { continue };
        let version = text("version").unwrap_or_default();
        match systems.iter_mut().find(|(system, _)| *system == os) {
            Some((_, versions)) => versions.push(version),
            None => systems.push((os, vec![version])),
        }
    }
    let cell = |(os, versions): (&str, Vec<&str>)| format!("{os} ({})", versions.join(", "));
    systems.into_iter().map(cell).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_gathered_by_operating_system_in_order_of_appearance() {
        let table = [
            (r#"[]"#, ""),
            (r#"[{"os": "ubuntu", "version": "mitaka-9.0"}]"#, "ubuntu (mitaka-9.0)"),
            (
                r#"[{"os": "ubuntu", "version": "mitaka-9.0"}, {"os": "centos", "version": "2015.1-8.0"},
                    {"os": "ubuntu", "version": "liberty-8.0"}]"#,
                "ubuntu (mitaka-9.0, liberty-8.0), centos (2015.1-8.0)",
            ),
            (
                r#"[{"operating_system": "ubuntu", "version": "a-1"}, {"version": "b-2"}]"#,
                "ubuntu (a-1)",
            ),
        ];
        for (json, text) in table {
            let list: Vec<Map<String, Value>> = serde_json::from_str(json).unwrap();
            assert_eq!(releases(&list), text, "{json}");
        }
    }
}
