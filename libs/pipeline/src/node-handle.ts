import type { Call } from '@supercap/tickscript';
import type { EdgeType, HandlerDefinition, HandlerUse, NodeDefinition } from './definition';
import type { UdfDefinition, UdfOptionUse } from './udf';

/** A node while its script is being evaluated. */
export class NodeHandle {
  /** Set when it is linked; a node of several parents is linked once per parent and keeps the last number. */
  id = -1;
  readonly parents: NodeHandle[] = [];
  readonly children: NodeHandle[] = [];
  readonly options: Record<string, unknown> = {};
  readonly handlers: HandlerHandle[] = [];
  quiet = false;
  watches: NodeHandle | undefined;
  implicit = false;
  /** The call that made it, for what is found wrong with it later. */
  madeBy: Call | undefined;
  /** Properties that the script has called. */
  readonly called = new Set<string>();

  constructor(
    /** Its definition; the source of a 2016 script has the one of `from` instead, for its properties. */
    readonly definition: NodeDefinition,
    readonly nodeKind: string,
    readonly provides: EdgeType | 'none',
    readonly prefix: string = definition.prefix ?? definition.name,
  ) {}

  get name(): string {
    return `${this.prefix}${this.id}`;
  }

  get goType(): string {
    return this.definition.goType;
  }
}

/** An alert handler while its script is being evaluated: its own properties first, then everything of its node. */
export class HandlerHandle {
  readonly options: Record<string, unknown> = {};

  constructor(
    readonly node: NodeHandle,
    readonly definition: HandlerDefinition,
  ) {}

  get goType(): string {
    return this.definition.goType;
  }

  toUse(): HandlerUse {
    return { name: this.definition.name, kind: this.definition.kind, options: this.options };
  }
}

/** A UDF node, whose options the UDF itself declares. */
export class UdfHandle extends NodeHandle {
  readonly uses: UdfOptionUse[] = [];

  constructor(readonly udf: UdfDefinition) {
    super(udfNode(udf), 'udf', udf.provides, udf.name);
    this.options['udf'] = udf.name;
    this.options['calls'] = this.uses;
  }
}

function udfNode(udf: UdfDefinition): NodeDefinition {
  return {
    name: 'udf',
    prefix: udf.name,
    goType: '*pipeline.UDFNode',
    summary: `The user defined function ${udf.name}.`,
    edge: { wants: udf.wants, provides: udf.provides },
    args: {},
    properties: {},
  };
}
