import type { EdgeType } from './definition';

/** The compiler's product: what a script defines, as plain data. Stored and sent as JSON (`encodePipeline`). */
export interface Pipeline {
  readonly version: 1;
  readonly type: EdgeType;
  readonly nodes: readonly PipelineNode[];
}

export interface PipelineNode {
  /** Its number; names and DOT follow from it. Unique, not always consecutive (join and union burn numbers). */
  readonly id: number;
  /** e.g. `from1`. */
  readonly name: string;
  /** The name of its definition; `udf` for a UDF. The source is `stream` or `batch`, the internal pass-through `noop`. */
  readonly kind: string;
  /** Numbers of its parents, in parent order. */
  readonly parents: readonly number[];
  /** Numbers of its children, in link order. */
  readonly children: readonly number[];
  /** Edge type that it provides. */
  readonly provides: EdgeType | 'none';
  readonly quiet: boolean;
  /** Arguments and properties, and `handlers` where the definition has some. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The node that it observes (stats). */
  readonly watches?: number;
  /** Stands for the source where a script of 2016 uses the source as a from node: it runs, the graph of that API has it not. */
  readonly implicit?: true;
}
