//! What the original adds to a plugin's tasks and roles (`nailgun-api 6.3`).

use plugin::Generation;
use serde_json::{Map, Value, json};

use super::side::Fields;

/// Adds to `kept` what the authors of plugins may leave out; `folder` is the plugin's.
pub(super) fn complete(kept: &mut Fields, generation: Generation, folder: &str) {
    for task in mappings(kept, "tasks") {
        if generation.is_legacy() {
            add_primary_controller(task);
        }
        add_working_directory(task, folder);
    }
    for task in mappings(kept, "deployment_tasks") {
        add_working_directory(task, folder);
    }
    if let Some(Value::Object(roles)) = kept.get_mut("roles_metadata") {
        for (name, role) in roles.iter_mut() {
            if let Value::Object(role) = role {
                role.entry("tags").or_insert_with(|| json!([name]));
            }
        }
    }
}

/// Returns the mappings in a field that is a list.
fn mappings<'a>(
    kept: &'a mut Fields,
    field: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let items = kept.get_mut(field).and_then(Value::as_array_mut).into_iter().flatten();
    items.filter_map(Value::as_object_mut)
}

/// The first generation's plugins do not know that there may be several controllers.
fn add_primary_controller(task: &mut Map<String, Value>) {
    const PRIMARY: &str = "primary-controller";
    let Some(roles) = task.get_mut("role").and_then(Value::as_array_mut) else { return };
    if roles.iter().any(|role| role == "controller") && !roles.iter().any(|role| role == PRIMARY) {
        roles.push(PRIMARY.into());
    }
}

/// A task with parameters and no directory runs where the nodes have the plugin's scripts.
fn add_working_directory(task: &mut Map<String, Value>, folder: &str) {
    if let Some(Value::Object(parameters)) = task.get_mut("parameters") {
        let scripts = || format!("/etc/fuel/plugins/{folder}/").into();
        parameters.entry("cwd").or_insert_with(scripts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(generation: Generation) -> Value {
        let tasks = json!([
            {"role": ["controller"], "parameters": {"timeout": 1}},
            {"role": ["controller", "primary-controller"], "parameters": {"cwd": "/"}},
            {"role": ["compute"]},
            {"role": "*", "parameters": null},
            "no task",
        ]);
        let mut kept = Fields::from([("tasks".to_owned(), tasks)]);
        complete(&mut kept, generation, "demo-1.0");
        kept["tasks"].clone()
    }

    #[test]
    fn tasks_run_where_the_nodes_have_the_scripts() {
        let expected = json!([
            {"role": ["controller"], "parameters": {"timeout": 1, "cwd": "/etc/fuel/plugins/demo-1.0/"}},
            {"role": ["controller", "primary-controller"], "parameters": {"cwd": "/"}},
            {"role": ["compute"]},
            {"role": "*", "parameters": null},
            "no task",
        ]);
        assert_eq!(completed(Generation::V2), expected);
    }

    #[test]
    fn controllers_of_legacy_tasks_are_primary_controllers_too() {
        let tasks = completed(Generation::V1);
        assert_eq!(tasks[0]["role"], json!(["controller", "primary-controller"]));
        assert_eq!(tasks[1]["role"], json!(["controller", "primary-controller"]));
        assert_eq!(tasks[2]["role"], json!(["compute"]));
    }

    #[test]
    fn roles_without_tags_are_tagged_with_their_name() {
        let roles = json!({"a": {"name": "A"}, "b": {"tags": []}, "c": null});
        let mut kept = Fields::from([("roles_metadata".to_owned(), roles)]);
        complete(&mut kept, Generation::V3, "demo-1.0");
        let expected = json!({"a": {"name": "A", "tags": ["a"]}, "b": {"tags": []}, "c": null});
        assert_eq!(kept["roles_metadata"], expected);
    }
}
