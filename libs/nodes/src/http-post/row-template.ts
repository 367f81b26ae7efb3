import { type Batch, type Point, toRow } from '@supercap/data-model';
import { parseTemplate, struct, TemplateError, type TemplateValue } from '@supercap/go-template';
import { StartError } from '@supercap/pipeline';

type Render = (data: Point | Batch) => string;

/** What templates of a request are executed on: name, tags and one map of column to value for each row of values. */
function rowData(data: Point | Batch): TemplateValue {
  const { name, tags, columns, values } = toRow(data);
  return struct('httppost.row', {
    Name: name,
    Tags: tags,
    Values: values.map((cells) => Object.fromEntries(columns.map((column, i) => [column, cells[i]]))),
  });
}

/** A text that may be a template over what is posted. Throws StartError if it is one that cannot be read. */
export function rowTemplate(name: string, text: string): Render {
  if (!text.includes('{{')) return () => text;
  try {
    const template = parseTemplate(name, text, { json: true });
    return (data) => template.execute(rowData(data));
  } catch (error) {
    if (error instanceof TemplateError) throw new StartError(error.message);
    throw error;
  }
}
