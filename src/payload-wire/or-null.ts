import Type, { type TNull, type TSchema, type TUnion } from 'typebox'

/** Of a wire shape: the key is always there, null when there is nothing to say. */
export const orNull = <T extends TSchema>(schema: T): TUnion<[T, TNull]> => Type.Union([schema, Type.Null()])
