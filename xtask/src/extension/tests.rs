use tempfile::TempDir;

use super::*;

const SETTINGS: &str =
    r#"{ "provider": { "issuer": "https://tenant.example/", "client_id": "client" } }"#;

/// A template with the source manifest and a script.
fn folder_with_template() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("template");
    let manifest = fs::read(root().join("manifest.json")).unwrap();
    files::write(&template.join("manifest.json"), manifest).unwrap();
    files::write(&template.join("background/worker.js"), "worker").unwrap();
    (folder, template)
}

#[test]
fn a_copy_has_the_settings_and_the_template_stays() {
    let (folder, template) = folder_with_template();
    let out = folder.path().join("deep/out");
    let id = assemble(&template, Some(SETTINGS), &out).unwrap();
    assert_eq!(id, "dchaenodfpgembmkhlohggiamnokfmlb");
    assert_eq!(
        fs::read_to_string(out.join("background/worker.js")).unwrap(),
        "worker"
    );
    let script = fs::read_to_string(out.join("settings.js")).unwrap();
    assert!(
        script.starts_with("export default {") && script.ends_with("};\n"),
        "{script}"
    );
    assert!(script.contains("https://tenant.example/"));
    assert_eq!(read_manifest(&out).unwrap()["version"], VERSION);
    assert_eq!(read_manifest(&template).unwrap()["version"], "0.0.0");
}

#[test]
fn without_settings_the_script_says_so() {
    let (folder, template) = folder_with_template();
    let out = folder.path().join("out");
    assemble(&template, None, &out).unwrap();
    assert_eq!(
        fs::read_to_string(out.join("settings.js")).unwrap(),
        "export default null;\n"
    );
}

#[test]
fn a_copy_without_settings_may_have_its_hosts_beforehand() {
    let (folder, template) = folder_with_template();
    let out = folder.path().join("out");
    let urls = ["https://b.example:8443/x", "https://a.example/"].map(str::to_owned);
    assemble_unconfigured(&template, &urls, &out).unwrap();
    let script = fs::read_to_string(out.join("settings.js")).unwrap();
    assert_eq!(script, "export default null;\n");
    let manifest = read_manifest(&out).unwrap();
    let hosts = manifest["host_permissions"].as_array().unwrap();
    assert_eq!(hosts[1..], ["https://a.example/*", "https://b.example/*"]);
    assert!(manifest["optional_host_permissions"].is_array());
    let none = ["data:,".to_owned()];
    assert!(assemble_unconfigured(&template, &none, &out).is_err());
}

#[test]
fn an_earlier_build_is_replaced_whole() {
    let (folder, template) = folder_with_template();
    let out = folder.path().join("out");
    assemble(&template, None, &out).unwrap();
    files::write(&out.join("old.js"), "").unwrap();
    assemble(&template, None, &out).unwrap();
    assert!(!out.join("old.js").exists());
}

#[test]
fn a_folder_that_is_not_ours_is_kept() {
    let (folder, template) = folder_with_template();
    let out = folder.path().join("out");
    files::write(&out.join("manifest.json"), r#"{ "name": "Another" }"#).unwrap();
    let error = assemble(&template, None, &out).unwrap_err();
    assert!(
        error.to_string().contains("holds something else"),
        "{error}"
    );
    assert!(out.join("manifest.json").exists());
}

#[test]
fn an_empty_folder_is_taken_and_the_template_is_not() {
    let (folder, template) = folder_with_template();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    assemble(&template, None, &out).unwrap();
    let error = assemble(&template, None, &template).unwrap_err();
    assert!(
        error.to_string().contains("is the template itself"),
        "{error}"
    );
}

#[test]
fn refused_settings_are_told_with_path_and_reason() {
    let (folder, template) = folder_with_template();
    let out = folder.path().join("out");
    let json = SETTINGS.replace("https", "http");
    let error = assemble(&template, Some(&json), &out).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "the settings are refused: provider.issuer: must be https"
    );
    assert!(!out.exists());
}

#[test]
fn a_missing_template_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = assemble(
        &folder.path().join("none"),
        None,
        &folder.path().join("out"),
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "the extension is not built");
}
