import type { FastifyRequest } from 'fastify'
import { bodyOf, type Body } from '../http/json-body.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { hasSoundText } from '../sound-text.ts'

/** What came with the request; refuses with `optionInvalid` when a text in it, needed or not, cannot be kept. */
export const soundBodyOf = (request: FastifyRequest): Body => {
  const body = bodyOf(request)
  if ('refused' in body || body.json === undefined || hasSoundText(body.json)) return body
  return refuse('optionInvalid', 'A text has the character U+0000 or half of a surrogate pair in it.')
}

/** The same where only an object will do; refuses with `bodyNotJson`, too. */
export const soundObjectOf = (request: FastifyRequest): { readonly object: JsonObject } | Refusal => {
  const body = soundBodyOf(request)
  if ('refused' in body) return body
  return isJsonObject(body.json) ? { object: body.json } : refuse('bodyNotJson')
}
