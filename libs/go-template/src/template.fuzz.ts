import { Tags, TimeValue } from '@supercap/data-model';
import fc from 'fast-check';
import { TemplateError } from './error';
import { parseTemplate } from './template';
import { struct } from './value';

// prettier-ignore
const PIECES = [
  '{{', '}}', '{{-', '-}}', '{{ ', ' }}', '{{/*', '*/}}', ' ', '\n', 'if ', 'else', 'else if ', 'end', 'range ', 'with ', 'break',
  'continue', 'define "t"', 'template "t" .', 'block "b" .', '{{ end }}', '{{ else }}', '{{ if .Name }}', '{{ range .List }}', '.', '.Name',
  '.Tags', '.Fields', '.Nope', '.Time', '.Format', '$', '$x', '$x := ', '$x = ', '$i, $e := ', ',', '|', '(', ')', '=', ':', '"', "'", '`',
  '"s"', '"%d %v"', '1', '1.5', '-', '0x', '1e999', '99999999999999999999', "'a'", 'nil', 'true', 'index ', 'printf ', 'print ', 'len ', 'eq ',
  'lt ', 'and ', 'or ', 'not ', 'slice ', 'html ', 'js ', 'urlquery ', 'json ', 'call ', 'é', '😀', '\ud800', '\\', '<', '>', '<b>', '</b>',
  '<a href="', '<a title=', '<p style="', '<script>', '</script>', '<style>', '</style>', '<!--', '-->', '/*', '*/', '//', '/', '[', ']',
  '<title>', '</title>', 'url(', '?q=', '<script type="', 'onclick="', 'x',
];

// prettier-ignore
const WHOLE = [
  '{{ .Name }}', '{{ .Fields }}', '{{ index .Fields "s" }}', '{{ .Fields.zz }}', '{{ . }}', '{{ $ }}', '{{ json . }}', '{{ .Time.Year }}',
  '{{ $x := .Name }}', '{{ if .Name }}', '{{ if .Nothing }}', '{{ range .List }}', '{{ range $k, $v := .Tags }}', '{{ with .Name }}',
  '{{ else }}', '{{ end }}', '{{ end }}', '{{ end }}', '{{ break }}', '{{ continue }}', '{{ define "t" }}', '{{ template "t" . }}',
  '{{ block "b" . }}', '{{- " x " -}}', '{{/* c */}}', '{{ .Name | html }}', '{{ printf "%v %q %5.2f" . .Name 1.5 }}', '{{ eq .Name "a" "b" }}',
  '<p>', '</p>', '<a href="', '<a href=', '<a title="', '"', '">', '>', '<script>', '</script>', '<p style="', ' onclick="f(', ')">', '/', '?q=',
];

const data = struct('kapacitor.detailsInfo', {
  Name: '<n>',
  List: ['a', 1n, null],
  Tags: Tags.from({ host: 'a' }),
  Fields: { v: 1.5, n: 42n, s: `</script>"'` },
  Time: new TimeValue(0n),
  Nothing: null,
});

const soup = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() });
const template = fc
  .oneof(
    fc.array(soup, { maxLength: 40 }),
    fc.array(fc.constantFrom(...WHOLE), { maxLength: 12 }),
    fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WHOLE) }, { weight: 1, arbitrary: soup }), {
      maxLength: 30,
    }),
  )
  .map((pieces) => pieces.join(''));

/** Whatever is wrong with a template comes as a TemplateError. */
function tryTemplate(text: string, html: boolean): void {
  try {
    parseTemplate('fuzz', text, { html, json: true }).execute(data);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
  }
}

export const fuzz = {
  name: 'go template',
  run(inputs: number, seed: number): void {
    fc.assert(fc.property(template, fc.boolean(), tryTemplate), { numRuns: inputs, seed });
  },
};
