//! `tasks.yaml`: tasks before and after a deployment (`fuel-schemas 4`).
//!
//! Parameters are checked by the task's type in every generation (`fuel` B5).

use plugin::Generation;
use plugin::yaml::Node;

use super::roles;
use super::shape::{
    Field, Form, List, Others, Shape, Table, list_of, optional, required, unchecked,
};
use crate::Code;

const TYPE: Shape = Shape::Since(
    Generation::V2,
    &Shape::OneOf(&["puppet", "shell", "reboot"]),
    &Shape::OneOf(&["puppet", "shell"]),
);

/// The stage of a task.
pub(super) const STAGE: Shape = Shape::Since(
    Generation::V2,
    &Shape::Form(&Form {
        code: Code::Stage,
        fits: is_stage,
        says: "a stage: `pre_deployment` or `post_deployment`, with an optional `/` and number",
    }),
    &Shape::Form(&Form {
        code: Code::Stage,
        fits: |text| STAGES.contains(&text),
        says: "a stage: `pre_deployment` or `post_deployment`, without a number in this version",
    }),
);

const STAGES: [&str; 2] = ["pre_deployment", "post_deployment"];

const COMMON: &[Field] = &[
    required("type", TYPE),
    required("stage", STAGE),
    required("role", Shape::Either(&roles::FREE)),
    unchecked("description"),
];

const TIMES: &[Field] = &[
    required("timeout", Shape::Natural),
    optional("retries", Shape::Natural).since(Generation::V3),
    unchecked("interval"),
    unchecked("strategy"),
];

static OTHER: Table = Table {
    fields: &[COMMON, &[required("parameters", Shape::Map(&OTHER_PARAMETERS))]],
    others: Others::Ignored,
};

static OTHER_PARAMETERS: Table = Table { fields: &[TIMES], others: Others::Ignored };

static SHELL: Table = Table {
    fields: &[COMMON, &[required("parameters", Shape::Map(&SHELL_PARAMETERS))]],
    others: Others::Ignored,
};

static SHELL_PARAMETERS: Table =
    Table { fields: &[TIMES, &[required("cmd", Shape::Text)]], others: Others::Ignored };

static PUPPET: Table = Table {
    fields: &[COMMON, &[required("parameters", Shape::Map(&PUPPET_PARAMETERS))]],
    others: Others::Ignored,
};

static PUPPET_PARAMETERS: Table = Table {
    fields: &[
        TIMES,
        &[required("puppet_modules", Shape::Text), required("puppet_manifest", Shape::Text)],
    ],
    others: Others::Ignored,
};

static TASKS: List = list_of(Shape::Chosen(by_type));

/// The top of the file.
pub(super) static TOP: Shape = Shape::List(&TASKS);

fn by_type(task: &Node) -> Shape {
    Shape::Map(match task.get("type").and_then(Node::as_str) {
        Some("shell") => &SHELL,
        Some("puppet") => &PUPPET,
        _ => &OTHER,
    })
}

/// Whether `text` is a stage, with or without a number: `post_deployment/-1.5`.
fn is_stage(text: &str) -> bool {
    match text.split_once('/') {
        None => STAGES.contains(&text),
        Some((stage, number)) => STAGES.contains(&stage) && is_number(number),
    }
}

/// `[-+]?([0-9]*\.[0-9]+|[0-9]+)`
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or(("", unsigned));
    digits(whole) && !fraction.is_empty() && digits(fraction)
}
