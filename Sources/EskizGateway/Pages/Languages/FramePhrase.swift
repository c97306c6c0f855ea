import EskizPages
import EskizWords

/// What is said around every page, and by the one that signs in.
///
/// English, Oʻzbekcha in the Latin alphabet (oʻ and gʻ with U+02BB, the sign of separation U+02BC), Russian.
enum FramePhrase: String, PagePhrase {
    case gateway, skip, navigation, overview, messages, audit, settings, language, theme
    case themeAuto, themeLight, themeDark, live, liveLost, livePaused, liveOff, liveLabel
    case copy, copied, done, failed, cancel, currency, back
    case signIn, signInTitle, signInHint, signInKey, signInNote, signOut, signedInAs, readOnly
    case wrongKey, keyWithoutRead, tooManyTries, foreignForm, mayNotAct, formExpired
    case notFound, notFoundHint, notAllowed, cannotRead, cannotReadHint, faultTitle, faultHint
}
