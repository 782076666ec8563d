import { z } from 'zod';
import { sha256 } from '../../shared/canonical.ts';
import { ApiError } from './api-error.ts';
import { type Answer, type Call, type Context, inputOf } from './call.ts';
import { readParameter } from './world.ts';

const GetParameter = z.object({ Name: z.string().min(1) });
const GetParameters = z.object({
  Names: z
    .array(z.string())
    .min(1, 'Member must have length greater than or equal to 1')
    .max(10, 'Member must have length less than or equal to 10'),
});
const GetParametersByPath = z.object({
  Path: z.string().min(1).startsWith('/', 'The parameter path must begin with a forward slash'),
  Recursive: z.boolean().default(false),
  MaxResults: z
    .number()
    .min(1, 'Member must have value greater than or equal to 1')
    .max(10, 'Member must have value less than or equal to 10')
    .default(10),
  NextToken: z.string().optional(),
});

/** Systems Manager's parameters, read only. Limits and error names: botocore's model of SSM. */
export function ssmApi(context: Context, call: Call): Answer {
  switch (call.operation) {
    case 'GetParameter': {
      const { Name } = inputOf(GetParameter, call);
      const parameter = read(context, call.region, Name);
      // the real error has a name and no words
      if (parameter === undefined) throw new ApiError('ParameterNotFound', '');
      return { json: { Parameter: parameter } };
    }
    case 'GetParameters': {
      const { Names } = inputOf(GetParameters, call);
      // [inferred] whether SSM tolerates a name twice is not on record, so it is refused here
      if (new Set(Names).size !== Names.length)
        throw new ApiError('ValidationException', 'Duplicate parameter names are not allowed');
      const found = Names.map((name) => [name, read(context, call.region, name)] as const);
      return {
        json: {
          Parameters: found.flatMap(([, parameter]) => parameter ?? []),
          InvalidParameters: found.flatMap(([name, one]) => (one === undefined ? [name] : [])),
        },
      };
    }
    case 'GetParametersByPath':
      return { json: page(context, call) };
    default:
      throw new ApiError('UnknownOperationException', '');
  }
}

/** A selector (`name:3`) finds nothing: public parameters have no history to read. Own ones have, but none is asked for. */
function read({ world, clock, account }: Context, region: string, name: string) {
  const found = readParameter(world, region, name, clock.now());
  if (found === undefined) return undefined;
  const owner = found.isPublic ? '' : account;
  return {
    Name: name,
    Type: 'String',
    Value: found.value,
    Version: found.version,
    LastModifiedDate: found.at / 1_000,
    ARN: `arn:aws:ssm:${region}:${owner}:parameter${name}`,
    DataType: 'text',
  };
}

/** Unordered and uneven on purpose: a page may be short or empty while there are more, and clients must bear it. */
function page(context: Context, call: Call) {
  const { Path, Recursive, MaxResults, NextToken } = inputOf(GetParametersByPath, call);
  const folder = `${Path.replace(/\/$/, '')}/`;
  const names = Object.keys(context.world.parameters[call.region] ?? {})
    .filter((name) => name.startsWith(folder))
    .filter((name) => Recursive || !name.slice(folder.length).includes('/'))
    .filter((name) => read(context, call.region, name) !== undefined)
    .sort((a, b) => (sha256(a) < sha256(b) ? -1 : 1));
  const [number, offset] = cursorOf(NextToken);
  const size = [MaxResults, 0, Math.ceil(MaxResults / 2)][number % 3] ?? MaxResults;
  const end = offset + size;
  return {
    Parameters: names.slice(offset, end).map((name) => read(context, call.region, name)),
    ...(end < names.length && {
      NextToken: Buffer.from(`${number + 1}.${end}`).toString('base64'),
    }),
  };
}

function cursorOf(token: string | undefined): readonly [page: number, offset: number] {
  if (token === undefined) return [0, 0];
  const [, number, offset] = /^(\d+)\.(\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (number === undefined || offset === undefined)
    throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
  return [Number(number), Number(offset)];
}
