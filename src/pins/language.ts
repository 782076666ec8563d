/**
 * How a file is read. `yaml` (and JSON) is parsed, and read as a template where it does not parse; the others are read
 * line by line.
 */
export type Language = 'yaml' | 'template' | 'values' | 'hcl' | 'code' | 'script' | 'prose';

/** Judges by the name, and by the first line: a file named `.yml` may be a shell script. */
export function languageOf(path: string, text: string): Language {
  const name = (path.split('/').at(-1) ?? '').toLowerCase();
  if (text.startsWith('#!')) return 'script';
  // main.yaml.tpl, values.yaml.gotmpl and nodeclass.yml.j2 are YAML once they are rendered
  const extensions = name.split('.').slice(1);
  const last = extensions.at(-1) ?? '';
  return byExtension.get(last) ?? 'template';
}

const byExtension: ReadonlyMap<string, Language> = new Map([
  ...of('yaml', 'yaml yml json tpl tmpl gotmpl tftpl j2 jinja jinja2 template kyaml'),
  ...of('values', 'tfvars toml'),
  ...of('hcl', 'tf hcl tofu nomad'),
  ...of(
    'code',
    'ts tsx mts js mjs cjs jsx jsonnet libsonnet py go cue rb java kt cs rs lua ncl pkl dhall star bzl',
  ),
  ...of('script', 'sh bash zsh ps1 bat makefile mk'),
  ...of('prose', 'md markdown rst txt adoc html log csv lock sum svg'),
]);

function of(language: Language, extensions: string): [string, Language][] {
  return extensions.split(' ').map((extension) => [extension, language]);
}
