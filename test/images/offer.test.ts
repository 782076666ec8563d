import { expect, test } from 'vitest';
import { type NeededSlot, type OfferQuestion, offerOf } from '../../src/images/offer.ts';
import type { Image } from '../../src/images/types.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { day, type Instant } from '../../src/shared/time.ts';

const june = ReleaseId.parse('al2023@v20260610');
const july = ReleaseId.parse('al2023@v20260707');
const newest = ReleaseId.parse('al2023@v20260714');
const now = Date.parse('2026-07-20T12:00:00Z');

const slot = (part: Partial<NeededSlot> = {}): NeededSlot => ({
  family: 'al2023',
  region: 'eu-west-1',
  kubernetes: '1.35',
  architecture: 'x86_64',
  variant: 'standard',
  current: june,
  ...part,
});

function image(of: NeededSlot, release: ReleaseId, seenAt: Instant = now - 3 * day) {
  const { current: _current, ...place } = of;
  const imageId = `ami-${release.slice(-8)}-${place.region}`;
  return { ...place, release, imageId, name: 'n', seenAt } satisfies Image & { seenAt: Instant };
}

const ask = (part: Partial<OfferQuestion>): OfferQuestion => ({
  needed: [slot()],
  available: [],
  now,
  minimumAgeMs: 0,
  denied: [],
  recalled: [],
  ...part,
});

test('the newest release that every slot has is offered, with one image for each slot', () => {
  const eu = slot();
  const us = slot({ region: 'us-east-1', architecture: 'arm64' });
  const available = [image(eu, july), image(us, july), image(eu, newest), image(us, newest)];
  expect(offerOf(ask({ needed: [eu, us, eu], available }))).toMatchObject({
    kind: 'offer',
    release: newest,
    skips: 1,
    images: [
      { region: 'eu-west-1', release: newest },
      { region: 'us-east-1', release: newest },
    ],
    passedOver: [],
  });
});

test('a region that does not have it yet keeps everybody on the release before, and is named', () => {
  const eu = slot();
  const us = slot({ region: 'us-east-1' });
  const offer = offerOf(
    ask({ needed: [eu, us], available: [image(eu, july), image(us, july), image(eu, newest)] }),
  );
  expect(offer).toMatchObject({
    kind: 'offer',
    release: july,
    passedOver: [{ release: newest, because: 'incomplete', missing: [{ region: 'us-east-1' }] }],
  });
  const [first] = offer.passedOver;
  expect(
    first?.matrix.map(({ slot: { region }, image: found }) => [region, found !== undefined]),
  ).toEqual([
    ['eu-west-1', true],
    ['us-east-1', false],
  ]);
});

test('a variant nobody has published yet counts as missing, not as unneeded', () => {
  const nvidia = slot({ variant: 'nvidia' });
  const offer = offerOf(ask({ needed: [slot(), nvidia], available: [image(slot(), newest)] }));
  expect(offer).toMatchObject({
    kind: 'none',
    reason: 'nothing-eligible',
    passedOver: [{ because: 'incomplete', missing: [{ variant: 'nvidia' }] }],
  });
});

test.each([
  { age: 2 * day - 1, kind: 'none' },
  { age: 2 * day, kind: 'offer' },
])(
  'a release seen $age ms ago is judged against a minimum age of two days: $kind',
  ({ age, kind }) => {
    const available = [image(slot(), newest, now - age)];
    const offer = offerOf(ask({ available, minimumAgeMs: 2 * day }));
    expect(offer.kind).toBe(kind);
    if (offer.kind === 'none') expect(offer.eligibleAt).toBe(now + 1);
  },
);

test('the age begins when the last slot that needs it was seen, unless its publication is known', () => {
  const us = slot({ region: 'us-east-1' });
  const available = [image(slot(), newest, now - 9 * day), image(us, newest, now - day)];
  const question = ask({ needed: [slot(), us], available, minimumAgeMs: 2 * day });
  expect(offerOf(question)).toMatchObject({ kind: 'none', eligibleAt: now + day });
  const publishedAt = new Map([[newest, now - 5 * day]]);
  expect(offerOf({ ...question, publishedAt }).kind).toBe('offer');
});

test('the age of a slot that does not need the release delays nobody', () => {
  const other = image(slot({ region: 'us-east-1' }), newest, now);
  const available = [image(slot(), newest, now - 3 * day), other];
  expect(offerOf(ask({ available, minimumAgeMs: 2 * day })).kind).toBe('offer');
});

test('a denied release is passed over with its reason, and the next older one offered', () => {
  const available = [image(slot(), july), image(slot(), newest)];
  const denied = [
    { release: newest, reason: 'kernel panic on m7g', link: 'https://example.com/1' },
  ];
  expect(offerOf(ask({ available, denied }))).toMatchObject({
    kind: 'offer',
    release: july,
    passedOver: [{ release: newest, because: 'denied', reason: 'kernel panic on m7g' }],
  });
});

test('a recalled release is never offered, however old and complete it is', () => {
  const recalled = [{ release: newest, reason: 'the recommendation moved back' }];
  expect(offerOf(ask({ available: [image(slot(), newest)], recalled }))).toMatchObject({
    kind: 'none',
    passedOver: [{ because: 'recalled' }],
  });
});

test('a pin that is ahead already is not moved backward, and does not have to have the image', () => {
  const ahead = slot({ region: 'us-east-1', current: newest });
  const offer = offerOf(
    ask({
      needed: [slot(), ahead],
      available: [image(slot(), july), image(slot(), newest)],
      denied: [{ release: newest, reason: 'bad' }],
    }),
  );
  expect(offer).toMatchObject({ kind: 'offer', release: july, images: [{ region: 'eu-west-1' }] });
});

test('an older release is no offer, whatever AWS recommends', () => {
  const available = [image(slot(), june), image(slot(), july)];
  expect(offerOf(ask({ needed: [slot({ current: newest })], available }))).toMatchObject({
    kind: 'none',
    reason: 'up-to-date',
  });
});

test('a pin with an unknown release is left alone and holds nobody up', () => {
  const { current: _current, ...unknown } = slot({ region: 'ap-south-1' });
  expect(offerOf(ask({ needed: [unknown] }))).toMatchObject({ reason: 'nothing-pinned' });
  const available = [image(slot(), newest)];
  expect(offerOf(ask({ needed: [slot(), unknown], available }))).toMatchObject({
    kind: 'offer',
    images: [{ region: 'eu-west-1' }],
  });
});

test('releases known by name only are counted as skipped, once each', () => {
  const known = [july, july, newest, june].map((id) => id);
  const more = ReleaseId.parse('al2023@v20260618');
  const offer = offerOf(ask({ available: [image(slot(), newest)], known: [...known, more] }));
  expect(offer).toMatchObject({ kind: 'offer', release: newest, skips: 2 });
});

test('a version spelled with a v is the version without it', () => {
  const current = ReleaseId.parse('bottlerocket@v1.50.0');
  const needed = [slot({ family: 'bottlerocket', current })];
  const available = needed.map((one) => image(one, ReleaseId.parse('bottlerocket@1.50.0')));
  expect(offerOf(ask({ needed, available }))).toMatchObject({ reason: 'up-to-date' });
});

test('trains are never mixed: neither families nor series of Ubuntu', () => {
  const current = ReleaseId.parse('bottlerocket@1.50.0');
  const mixed = [slot(), slot({ family: 'bottlerocket', current })];
  expect(() => offerOf(ask({ needed: mixed }))).toThrow();
  const [jammy, noble] = ['22.04.20260711', '24.04.20260711'].map((version) =>
    ReleaseId.parse(`ubuntu@${version}`),
  ) as [ReleaseId, ReleaseId];
  const ubuntu = (at: ReleaseId, line: string) => slot({ family: 'ubuntu', line, current: at });
  const needed = [ubuntu(jammy, 'eks/22.04')];
  const available = [image(ubuntu(noble, 'eks/24.04'), noble), image(needed[0] ?? slot(), jammy)];
  expect(offerOf(ask({ needed, available }))).toMatchObject({ reason: 'up-to-date' });
});
