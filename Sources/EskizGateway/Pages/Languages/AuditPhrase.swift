import EskizPages
import EskizWords

/// Who did what.
enum AuditPhrase: String, PagePhrase {
    case auditHint, auditEmpty, auditEmptyHint, auditOfMessage, auditAll, auditWhen, auditWho, auditWhat, auditDetail
    case auditRenewToken, auditCancel, auditResolve, auditReplay, auditUnmask
    case auditCloseGroup, auditWatchGroup, auditBlockPrefix, auditAllowPrefix, auditForgetPrefix
    case auditSuppress, auditUnsuppress
    case auditCancelMany, auditNotSentMany, auditSendManyAgain, auditReplayMany
}
