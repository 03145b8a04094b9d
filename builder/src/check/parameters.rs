//! Parameters of deployment tasks, by type (`fuel-schemas 5.2, 5.4, 5.6`).

use plugin::Generation;

use super::relations::EXPRESSION;
use super::shape::{
    Either, Field, Form, List, Others, Shape, Table, either, optional, required, some_of, unchecked,
};
use crate::Code;

/// How many nodes run a task at a time: allowed for every type, from generation 4 on.
const STRATEGY: &[Field] = &[optional("strategy", Shape::Map(&STRATEGIES)).since(Generation::V4)];

static STRATEGIES: Table = Table {
    fields: &[&[required("type", STRATEGY_TYPE), optional("amount", Shape::Either(&AMOUNT))]],
    others: Others::Ignored,
};

const STRATEGY_TYPE: Shape = Shape::OneOf(&["parallel", "one_by_one"]);

static AMOUNT: Either =
    either("an integer or an expression (`yaql_exp`)", &[Shape::Integer, Shape::Map(&EXPRESSION)]);

/// Of a `group` in generation 3.
pub(super) static EARLY_GROUP: Table = Table {
    fields: &[&[optional(
        "strategy",
        Shape::Map(&Table {
            fields: &[&[optional("type", STRATEGY_TYPE), unchecked("amount")]],
            others: Others::Ignored,
        }),
    )]],
    others: Others::Ignored,
};

/// Of a type without parameters of its own.
pub(super) static OTHER: Table = Table { fields: &[STRATEGY], others: Others::Ignored };

/// Of a `puppet` task.
pub(super) static PUPPET: Table = Table {
    fields: &[
        STRATEGY,
        &[
            required("puppet_manifest", Shape::FullText),
            required("puppet_modules", Shape::FullText),
            required("timeout", Shape::Integer),
            optional("retries", Shape::Integer),
            unchecked("interval"),
            unchecked("cwd"),
        ],
    ],
    others: Others::Ignored,
};

/// Of a `shell` task.
pub(super) static SHELL: Table = Table {
    fields: &[
        STRATEGY,
        &[
            required("cmd", Shape::Text),
            optional("retries", Shape::Integer),
            optional("interval", Shape::Integer),
            optional("timeout", Shape::Integer),
            unchecked("cwd"),
        ],
    ],
    others: Others::Ignored,
};

/// Of a `copy_files` task.
pub(super) static COPY_FILES: Table = Table {
    fields: &[
        STRATEGY,
        &[
            required("files", Shape::List(&FILES)),
            optional("permissions", Shape::Form(&PERMISSIONS)),
            optional("dir_permissions", Shape::Form(&PERMISSIONS)),
        ],
    ],
    others: Others::Ignored,
};

static FILES: List = some_of(Shape::Map(&Table {
    fields: &[&[required("src", Shape::Text), required("dst", Shape::Text)]],
    others: Others::Ignored,
}));

static PERMISSIONS: Form = Form {
    code: Code::Permissions,
    fits: |text| text.len() == 4 && text.bytes().all(|b| matches!(b, b'0'..=b'7')),
    says: "four octal digits such as '0644'",
};

/// Of a `sync` task.
pub(super) static SYNC: Table = Table {
    fields: &[
        STRATEGY,
        &[
            required("src", Shape::Text),
            required("dst", Shape::Text),
            optional("timeout", Shape::Integer),
        ],
    ],
    others: Others::Ignored,
};

/// Of an `upload_file` task.
pub(super) static UPLOAD_FILE: Table = Table {
    fields: &[
        STRATEGY,
        &[required("path", Shape::Text), required("data", Shape::Text), unchecked("timeout")],
    ],
    others: Others::Ignored,
};

/// Of a `reboot` task.
pub(super) static REBOOT: Table =
    Table { fields: &[STRATEGY, &[optional("timeout", Shape::Integer)]], others: Others::Ignored };
