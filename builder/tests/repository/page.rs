//! The page for people: all that is published, in HTML that needs nothing else.

use plugin::Format;
use tests::{command, finish, have};

use super::Stage;

/// A repository with two plugins in several versions and formats, and advisories by a rude author.
fn stage() -> Stage {
    let stage = Stage::new();
    for version in ["1.0.0", "1.0.1", "1.0.2", "1.0.3"] {
        stage.add("demo", version);
    }
    let old = stage.package(Format::Fp, ("old", "2.0.1"), "content");
    stage.fpb(&format!("repo add --repo repo {old}")).success();
    for number in 1..8 {
        let title = "</title><script>alert(1)</script><img%20src=x>&amp;";
        stage
            .fpb(&format!(
                "advisory add --repo repo --id EX-{number} --severity critical --title {title} \
                 --fixes demo==1.0.3 --withdraws demo==1.0.{} --cve CVE-2026-{number} \
                 --reference https://example.org/{number} --reference javascript:alert(2) --restart",
                number % 3
            ))
            .success();
    }
    stage.publish();
    stage
}

#[test]
fn the_page_has_every_package_and_advisory_and_its_links_lead_somewhere() {
    let stage = stage();
    let page = stage.text("repo/public/index.html");
    let list = stage.json("repo list --repo repo");
    for row in list["results"].as_array().unwrap() {
        for file in row["files"].as_array().unwrap() {
            assert!(page.contains(&format!(">{}</a>", file["file"].as_str().unwrap())), "{file}");
            assert!(page.contains(file["sha256"].as_str().unwrap()), "{file}");
        }
    }
    for number in 1..8 {
        assert!(page.contains(&format!("<article id=\"EX-{number}\"")), "EX-{number}");
        assert!(page.contains(&format!("CVE-2026-{number}")), "EX-{number}");
    }
    let links = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    for link in links.filter(|link| !link.starts_with("https://example.org/") && *link != "data:,")
    {
        match link.strip_prefix('#') {
            Some(id) => assert!(page.contains(&format!(" id=\"{id}\"")), "{link}"),
            None => assert!(stage.path("repo/public").join(link).is_file(), "{link}"),
        }
    }
}

#[test]
fn the_page_is_good_html_runs_nothing_and_fetches_nothing() {
    let stage = stage();
    let page = stage.text("repo/public/index.html");
    let words =
        ["<script", "<img", " src=", "url(", "@import", "<iframe", "<object", "href=\"javascript"];
    for word in words {
        assert!(!page.contains(word), "{word}");
    }
    assert_eq!(page.matches("<link ").count(), 1, "the icon, which is empty");
    assert!(page.contains("default-src 'none'"));
    if have(&["tidy"]) {
        let mut tidy = command("tidy", ["-quiet", "-errors"]);
        let judged = finish(tidy.arg(stage.path("repo/public/index.html")));
        assert_eq!((judged.status, judged.stderr.as_str()), (Some(0), ""), "{page}");
    }
}
