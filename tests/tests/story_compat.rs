//! Before the product is upgraded, an administrator asks which plugins would stand in the way.

use tests::{Host, Plugin};

/// Makes `plugin` say that it is for one product release only.
fn only_for<'a>(plugin: &'a Plugin, product: &str) -> &'a Plugin {
    plugin.edit(
        "metadata.yaml",
        "fuel_version: ['9.0', '10.0']",
        &format!("fuel_version: ['{product}']"),
    );
    plugin.edit("metadata.yaml", "mitaka-9.0", &format!("mitaka-{product}"));
    plugin.edit("metadata.yaml", "newton-10.0", &format!("newton-{product}"))
}

#[test]
fn plugins_that_do_not_fit_the_planned_product_are_named_and_block_it() {
    for host in Host::quick() {
        let fits = Plugin::create("fits", "5.0.0");
        let late = Plugin::create("late", "5.0.0");
        only_for(&late, "9.0");
        let packages = [&fits, &late].map(|plugin| host.release(plugin, "1.0.0"));
        host.plugins(["install", &packages[0], &packages[1], "--yes"]).success();

        let now = host.json(["compat", "--product-version", "9.0"]);
        let verdicts = |answer: &serde_json::Value| -> Vec<String> {
            let rows = answer["results"].as_array().unwrap();
            let row = |row: &serde_json::Value| {
                format!("{} {}", row["name"].as_str().unwrap(), row["verdict"].as_str().unwrap())
            };
            rows.iter().map(row).collect()
        };
        assert_eq!(verdicts(&now), ["fits ok", "late ok"]);

        let told = host.refuses(&["compat", "--product-version", "10.0"], 4, "1 plugin");
        assert!(told.stdout.contains("BLOCKED"), "{}", told.stdout);
        let planned = host.json(["compat", "--product-version", "10.0"]);
        assert_eq!(verdicts(&planned), ["fits ok", "late blocked"]);
        // Components are compared, not letters.
        host.plugins(["compat", "--product-version", "1.0"]).status(4);
        host.plugins(["compat", "--product-version", "nine"]).refusal(2, "not a version");
    }
}
