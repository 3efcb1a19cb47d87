import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { checkTemplate, type TemplateInput } from '../ledger/check-template.ts'
import type { Template } from '../ledger/template.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { hasSoundText } from '../sound-text.ts'
import { readUuid } from '../uuid.ts'
import { checkCustomMeta } from './check-create-custom-meta.ts'
import { checkOptions, type CreateOptions } from './check-create-options.ts'
import { invalid, isAbsent } from './option-reading.ts'
import type { CreateInput } from './payloads.ts'

/**
 * The body of a create request, checked from top to bottom; the first check that fails gives the answer. Null counts as
 * absent and unknown keys are ignored. Source: CONTRACT section 2, "Create" and "Codes".
 *
 * @param body what came, undefined for an empty body
 */
export const checkCreate = (body: Json | undefined): CreateInput | Refusal => {
  const asked = oneTemplate(body) // 599, 600, 604
  if (isRefusal(asked)) return asked
  if (!hasSoundText(asked.rest)) return refuse('optionInvalid', unsoundText) // 606, of the template below 603
  const options = checkOptions(asked.rest['options']) // 606
  if (isRefusal(options)) return options
  const customMeta = checkCustomMeta(asked.rest['custom_meta']) // 413, 606
  if (isRefusal(customMeta)) return customMeta
  const userToken = checkUserToken(asked.rest['user_token']) // 606
  if (isRefusal(userToken)) return userToken
  const template = checkTemplate(asked.template, options) // 601, 602, 603
  if (isRefusal(template)) return template
  return { ...forKind(options, template), template, customMeta, userToken }
}

const unsoundText = 'A text has the character U+0000 or half of a surrogate pair in it.'

interface Asked {
  readonly template: TemplateInput
  readonly rest: JsonObject
}

/** Exactly one of `txjson`, which the .NET SDK also writes `txJson`, and `txblob`. */
const oneTemplate = (body: Json | undefined): Asked | Refusal => {
  if (body === undefined || !isJsonObject(body) || Object.keys(body).length === 0) return refuse('bodyNotJson')
  const { txjson, txJson, txblob, ...rest } = body
  const [given, ...others] = [txjson, txJson, txblob].filter((template) => !isAbsent(template))
  if (given === undefined) {
    return refuse('bodyEmpty', 'TransactionType' in rest ? 'Put the transaction into txjson.' : undefined)
  }
  if (others.length > 0) return refuse('bothTemplates')
  if (given === txblob) {
    return typeof given === 'string' ? { template: { txblob: given }, rest } : refuse('txblobInvalid')
  }
  return isJsonObject(given)
    ? { template: { txjson: given }, rest }
    : refuse('templateInvalid', 'txjson must be an object.')
}

const checkUserToken = (value: Json | undefined): string | null | Refusal =>
  isAbsent(value) ? null : (readUuid(value) ?? invalid('user_token', 'a UUID'))

/** A SignIn is nothing to submit and has one signature; a claim on a payment channel is nothing to submit. */
const forKind = (options: CreateOptions, { kind }: Template): CreateOptions => ({
  ...options,
  submit: kind === 'transaction' && options.submit,
  multisign: kind !== 'signIn' && options.multisign,
})
