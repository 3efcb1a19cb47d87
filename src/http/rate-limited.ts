import type { FastifyReply } from 'fastify'
import { refuse } from '../refusals.ts'
import { answerRefusal } from './error-answer.ts'
import type { Allowance } from './rate-limit.ts'

/** 429 in the form of both APIs, with the time to wait. */
export const answerRateLimited = (reply: FastifyReply, { retryAfter }: Allowance): FastifyReply =>
  answerRefusal(reply.header('retry-after', retryAfter), refuse('rateLimited'))
