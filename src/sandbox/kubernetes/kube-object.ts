// Objects are never changed in place: the store keeps the one it was given and hands it out.

export type Metadata = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly Readonly<Record<string, unknown>>[];
  /** Who set what; here only of what people edit. */
  readonly managedFields?: readonly {
    readonly manager: string;
    readonly operation: 'Apply' | 'Update';
    readonly apiVersion: string;
    readonly time: string;
    readonly fieldsType: 'FieldsV1';
    readonly fieldsV1: Readonly<Record<string, unknown>>;
  }[];
};

export type KubeObject<Kind extends string, Spec, Status> = {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: Metadata;
  readonly spec: Spec;
  readonly status?: Status;
};
