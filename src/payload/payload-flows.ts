import { cancelPayload, fetchPayload } from './application-action.ts'
import { createPayload } from './create-payload.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import type { Payloads } from './payloads.ts'
import { openPayload, takeWalletAction } from './wallet-action.ts'

/** How many sign requests a wallet's list shows. */
const pendingLimit = 50

export const createPayloads = (dependencies: FlowDependencies): Payloads => {
  const { payloads } = dependencies
  return {
    create: (application, input) => createPayload(dependencies, application, input),
    fetch: async (application, id, callId) => fetchPayload(dependencies, application, await payloads.find(id), callId),
    fetchByIdentifier: async (application, identifier, callId) =>
      fetchPayload(dependencies, application, await payloads.findByIdentifier(application.id, identifier), callId),
    cancel: (application, id) => cancelPayload(dependencies, application, id),
    peek: (id) => payloads.find(id),
    open: (actor, id) => openPayload(dependencies, actor, id),
    act: (actor, id, action, callId) => takeWalletAction(dependencies, actor, id, action, callId),
    listPending: (userId) => payloads.listPendingFor(userId, pendingLimit),
  }
}
