import { z } from 'zod';
import { familyOf } from '../images/releases.ts';
import { ReleaseId } from '../shared/ids.ts';
import { listOf, oneOf, section, text } from './fields.ts';

// Which images are never offered, and which are one's own.

const releaseForm = "a release such as al2023@v20260311, bottlerocket@1.50.0 or a custom line's";

const Denied = section({
  release: z
    .string({ error: () => releaseForm })
    .refine((value) => ReleaseId.safeParse(value).success, { error: () => releaseForm })
    .transform((value) => ReleaseId.parse(value))
    .describe('The release, as cards name it.'),
  reason: text(/^[^\n]{3,300}$/, 'a reason in one line, 3 to 300 characters').describe(
    'Why; shown wherever the release is missed.',
  ),
  link: text(/^https?:\/\/\S{3,500}$/, 'an http:// or https:// address')
    .optional()
    .describe('Where to read more.'),
})
  .transform(({ link, ...denied }) => ({ ...denied, ...(link === undefined ? {} : { link }) }))
  .describe('A release that nobody shall be offered.');

const lineForm = 'a name of 2 to 30 of a-z and 0-9, first a letter, that is no family of AWS';

const Custom = section({
  name: z
    .string({ error: () => lineForm })
    .refine((value) => /^[a-z][a-z0-9]{1,29}$/.test(value) && isFree(value), {
      error: () => lineForm,
    })
    .describe('Name of the line; its releases are called name@version.'),
  owner: text(/^\d{12}$/, 'an AWS account id of 12 digits, in quotes').describe(
    'Account that owns the images, in quotes.',
  ),
  image: text(
    /^(?:[A-Za-z0-9()[\] ./'@_*-]|\{version\}|\{kubernetes\}|\{architecture\}){3,128}$/,
    'the name of the images in EC2, with {version}, {kubernetes}, {architecture} and * in it',
  ).describe('EC2 name of the images, with placeholders.'),
  tags: z
    .record(z.string(), text(/^.{1,256}$/, 'the value of a tag, in quotes where it is no text'), {
      error: () => 'a mapping of tag names to values',
    })
    .prefault({})
    .describe('Tags an image must have to be offered, such as status: active.'),
  variant: oneOf(['standard', 'nvidia', 'neuron', 'fips', 'nvidia-fips'])
    .prefault('standard')
    .describe('What the images are for.'),
}).describe("A line of images of one's own.");

function isFree(name: string): boolean {
  const release = ReleaseId.safeParse(`${name}@1`);
  return release.success && familyOf(release.data) === 'custom' && name !== 'custom';
}

export const Images = section({
  deny: listOf(Denied, 'a list of denied releases')
    .prefault([])
    .describe('Releases that nobody shall be offered.'),
  custom: listOf(Custom, 'a list of lines of custom images')
    .prefault([])
    .describe("Lines of images of one's own."),
}).describe("What is never offered, and images of one's own.");
