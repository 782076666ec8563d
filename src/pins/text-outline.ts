import type { Language } from './language.ts';
import { isOtherMachine, notRead } from './pin-keys.ts';
import type { TextLine } from './text-lines.ts';

/** Where a line of a text that is not parsed stands. */
export type Place = {
  /** True when a key there does not speak of nodes. */
  readonly foreign: boolean;
  /** The key whose map it is in. */
  readonly inside?: string;
  /** The Terraform variable that it describes. */
  readonly variable?: string;
  /** The `name` that stands before it in its block, as Helm's parameters have it in Terraform. */
  readonly parameter?: string;
};

export const nowhere: Place = { foreign: false };

type Parent = {
  readonly indent: number;
  readonly foreign: boolean;
  readonly name: string;
  readonly variable?: string;
  parameter?: string;
};

/** Follows indentation, braces and sections: enough to know a bastion's image from a node's. */
export function outlineOf(language: Language): { reset(): void; enter(line: TextLine): Place } {
  let parents: Parent[] = [];
  let section = false;
  let heredoc: { readonly end: string; script?: boolean | undefined } | undefined;
  const hasHeredocs = language !== 'template' && language !== 'yaml';
  return {
    reset() {
      parents = [];
    },
    enter({ text, indent }) {
      if (heredoc !== undefined) {
        if (text.trim() === heredoc.end) {
          heredoc = undefined;
          return { foreign: true };
        }
        heredoc.script ??= isScript(text);
        // A script's `ami_id=…` is for another machine, or for itself; YAML in there is as YAML elsewhere.
        if (heredoc.script || !/^\s*(?:-\s+)?["']?[\w.-]+["']?:(?:\s|$)/.test(text)) {
          return { foreign: true };
        }
      } else if (hasHeredocs) {
        const end = /<<[-~]?"?(\w+)"?\s*$/.exec(text)?.[1];
        if (end !== undefined) heredoc = { end };
      }
      const header =
        language === 'values' ? /^\s*\[+([^\]]+)\]+\s*(?:#.*)?$/.exec(text)?.[1] : undefined;
      if (header !== undefined) section = header.split('.').some(isOtherMachine);
      while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop();
      const above = parents.at(-1);
      const foreign = section || parents.some((parent) => parent.foreign);
      const [key = ''] = /[^\s"':={]+/.exec(text.replace(/^\s*-\s+/, '')) ?? [];
      const block = /^\s*(?:resource|data|module|provider)\b/.test(text) && language === 'hcl';
      const variable = variableIn(text);
      // The map of a variable's default is the variable's.
      const name = key === 'default' && above?.variable !== undefined ? above.variable : key;
      const parameter = /^\s*name\s*=\s*"([^"]{1,200})"/.exec(text)?.[1];
      if (above !== undefined && parameter !== undefined) above.parameter = parameter;
      parents.push({
        indent,
        name,
        foreign:
          notRead.has(key) || isOtherMachine(variable ?? key) || (block && otherResource(text)),
        ...(variable === undefined ? {} : { variable }),
      });
      const isOthers = above?.parameter?.split('.').some(isOtherMachine) === true;
      return {
        foreign: foreign || isOthers,
        ...(above === undefined ? {} : { inside: above.name }),
        ...(above?.variable === undefined ? {} : { variable: above.variable }),
        ...(above?.parameter === undefined ? {} : { parameter: above.parameter }),
      };
    },
  };
}

/** The name in `variable "node_ami_id" {`. */
export function variableIn(line: string): string | undefined {
  return /^\s*variable\s+"([^"]{1,100})"/.exec(line)?.[1];
}

/** Judged by its first line that is not empty. */
function isScript(text: string): boolean | undefined {
  if (text.trim() === '') return undefined;
  return /^\s*(?:#!|MIME-Version|<powershell|Content-|--|\[|set -)/i.test(text);
}

/** A block that describes a machine, or a module that is named after one. */
function otherResource(header: string): boolean {
  return (
    /"aws_(?:instance|launch_\w+|spot_\w+|autoscaling_\w+|ami\w*)"/.test(header) ||
    header.split(/["\s]+/).some(isOtherMachine)
  );
}
