import { compile } from './compile';
import { Execution, placeIn } from './execution';
import { FUNCTIONS, FUNCTIONS_AND_JSON } from './functions';
import { escapeTrees } from './html/escape';
import { parseTrees } from './parser';
import type { TemplateValue } from './value';

export interface TemplateOptions {
  /** Values are escaped for where in an HTML text they stand. */
  readonly html?: boolean;
  /** `json` and `jsonCompact` can be called. They can where `html` is set. */
  readonly json?: boolean;
}

export interface Template {
  readonly name: string;
  /** The text of the template on the data. Throws TemplateError. */
  execute(data: TemplateValue): string;
}

/**
 * Reads a template; throws TemplateError. A place in which nothing can be escaped is, as in Go, only found when the
 * template is executed.
 */
export function parseTemplate(name: string, text: string, options: TemplateOptions = {}): Template {
  const { html = false, json = html } = options;
  const functions = json ? FUNCTIONS_AND_JSON : FUNCTIONS;
  const trees = parseTrees(name, text, new Set(functions.keys()));
  let run: ReturnType<typeof compile> | undefined = html ? undefined : compile({ trees }, name, functions);
  return {
    name,
    execute(data) {
      run ??= compile(
        escapeTrees(trees, name, (at) => placeIn(text, at)),
        name,
        functions,
      );
      const execution = new Execution(name, text);
      try {
        run(execution, data);
      } catch (error) {
        // Templates that call each other from within deeply nested blocks: each limit kept, but not their product.
        if (error instanceof RangeError) throw execution.error('blocks and templates nest too deeply', error);
        throw error;
      }
      return execution.out;
    },
  };
}
