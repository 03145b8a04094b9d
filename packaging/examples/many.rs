//! Writes many small packages, for measuring: `many FOLDER COUNT` puts as many RPMs into `FOLDER/rpm` and
//! debs into `FOLDER/deb`. Ten versions of each plugin, with eight files each.

use std::path::{Path, PathBuf};
use std::{fs, thread};

use packaging::{Blueprint, Contents, Hooks, Settings};
use plugin::{Format, Generation, PluginId};

/// Versions of one plugin.
const VERSIONS: usize = 10;

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(count), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: many FOLDER COUNT".into());
    };
    let (folder, count) = (PathBuf::from(folder), count.parse::<usize>()?);
    for part in ["rpm", "deb"] {
        fs::create_dir_all(folder.join(part))?;
    }
    let threads = thread::available_parallelism()?.get();
    let share =
        &|first: usize| (first..count).step_by(threads).try_for_each(|at| make(&folder, at));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || share(first))).collect();
        workers.into_iter().try_for_each(|it| it.join().expect("a writer does not panic"))
    })
}

/// Writes both packages of one version.
fn make(folder: &Path, at: usize) -> Outcome {
    let blueprint = blueprint(at)?;
    for (format, part) in [(Format::Rpm, "rpm"), (Format::Deb, "deb")] {
        let path = folder.join(part).join(packaging::file_name(format, &blueprint)?);
        let settings =
            Settings { compression: None, level: None, scratch: folder, progress: &|_| {} };
        packaging::write(format, &blueprint, &settings, &fs::File::create(path)?)?;
    }
    Ok(())
}

fn blueprint(at: usize) -> Result<Blueprint, Box<dyn std::error::Error + Send + Sync>> {
    let (name, version) = (format!("plugin{:05}", at / VERSIONS), format!("1.0.{}", at % VERSIONS));
    let mut contents = Contents::default();
    let metadata = format!(
        "name: {name}\ntitle: The plugin {name}\nversion: '{version}'\npackage_version: '5.0.0'\n\
         description: One of many\nfuel_version: ['9.0']\nlicenses: [Apache-2.0]\n\
         authors: [Bench]\nhomepage: https://example.org\ngroups: []\nreleases:\n\
         - {{os: ubuntu, version: mitaka-9.0, mode: [ha], deployment_scripts_path: scripts/, \
         repository_path: repositories/}}\n"
    );
    contents.insert_text("metadata.yaml", metadata.into_bytes());
    for file in 1..8 {
        let text = format!("{name} {version} {file}\n").repeat(40);
        contents.insert_text(&format!("scripts/part{file}.yaml"), text.into_bytes());
    }
    Ok(Blueprint {
        id: PluginId { name: name.parse()?, version: version.parse()?, generation: Generation::V5 },
        release: "1".to_owned(),
        title: format!("The plugin {name}"),
        description: "One of many".to_owned(),
        homepage: Some("https://example.org".to_owned()),
        licenses: vec!["Apache-2.0".to_owned()],
        authors: vec!["Bench <bench@example.org>".to_owned()],
        contents,
        hooks: Hooks::default(),
        time: 1_700_000_000,
    })
}
