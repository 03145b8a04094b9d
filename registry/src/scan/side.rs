//! The files beside `metadata.yaml` (`nailgun-api 6.1`), as data.

use std::collections::BTreeMap;

use plugin::Generation;
use serde_json::{Map, Value};

use super::files::Files;
use super::unfit::{Place, Unfit};

/// What side files hold, by field.
pub(super) type Fields = BTreeMap<String, Value>;

/// The file that makes a folder a plugin.
pub(super) const METADATA: &str = "metadata.yaml";

/// A file and the field that keeps what it holds.
struct SideFile {
    name: &'static str,
    field: &'static str,
    since: Generation,
    shape: Shape,
}

/// What a file holds.
#[derive(Clone, Copy)]
enum Shape {
    List,
    Map,
    /// A mapping, of whose keys this one is kept: a mapping, too.
    Part(&'static str),
}

#[rustfmt::skip]
const SIDE_FILES: [SideFile; 10] = [
    side("bond_config.yaml", "bond_attributes_metadata", Generation::V5, Shape::Map),
    side("components.yaml", "components_metadata", Generation::V4, Shape::List),
    side("deployment_tasks.yaml", "deployment_tasks", Generation::V3, Shape::List),
    side("environment_config.yaml", "attributes_metadata", Generation::V1, Shape::Part("attributes")),
    side("network_roles.yaml", "network_roles_metadata", Generation::V3, Shape::List),
    side("nic_config.yaml", "nic_attributes_metadata", Generation::V5, Shape::Map),
    side("node_config.yaml", "node_attributes_metadata", Generation::V5, Shape::Map),
    side("node_roles.yaml", "roles_metadata", Generation::V3, Shape::Map),
    side("tasks.yaml", "tasks", Generation::V1, Shape::List),
    side("volumes.yaml", "volumes_metadata", Generation::V3, Shape::Map),
];

const fn side(
    name: &'static str,
    field: &'static str,
    since: Generation,
    shape: Shape,
) -> SideFile {
    SideFile { name, field, since, shape }
}

/// Returns the names of all files that are read of a generation's plugins.
pub(super) fn names(generation: Generation) -> impl Iterator<Item = &'static str> {
    let of = SIDE_FILES.iter().filter(move |file| file.since <= generation);
    std::iter::once(METADATA).chain(of.map(|file| file.name))
}

/// Reads a generation's side files. Each of its fields is there; that of a file that is empty or not
/// there is empty.
pub(super) fn read(generation: Generation, files: &mut Files<'_>) -> Result<Fields, Unfit> {
    let of = SIDE_FILES.iter().filter(|file| file.since <= generation);
    of.map(|file| Ok((file.field.to_owned(), file.read(files)?))).collect()
}

impl SideFile {
    fn read(&self, files: &mut Files<'_>) -> Result<Value, Unfit> {
        let Some(node) = files.yaml(self.name)? else { return Ok(self.shape.empty()) };
        let node = match self.shape {
            Shape::Part(key) if node.as_map().is_some() => match node.get(key) {
                Some(part) if part.value != plugin::yaml::Value::Null => part,
                _ => return Ok(self.shape.empty()),
            },
            _ => &node,
        };
        let fits = match self.shape {
            Shape::List => node.as_list().is_some(),
            Shape::Map | Shape::Part(_) => node.as_map().is_some(),
        };
        if !fits {
            let wanted = if matches!(self.shape, Shape::List) { "a list" } else { "a mapping" };
            let message = format!("expected {wanted}, found {}", node.kind());
            let at = Place(node.span.start);
            return Err(Unfit::Value { file: self.name.to_owned(), at, message });
        }
        super::files::as_json(self.name, node)
    }
}

impl Shape {
    fn empty(self) -> Value {
        match self {
            Self::List => Value::Array(Vec::new()),
            Self::Map | Self::Part(_) => Value::Object(Map::new()),
        }
    }
}
