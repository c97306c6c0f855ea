import ArgumentParser
import EskizWords

/// What help says, in the section `help` of the files of words.
///
/// Commands in examples are the same in all languages and stand with the verb; only sentences are there.
enum HelpText: String, WordKey, CustomStringConvertible {
    // eskiz itself
    case root, rootDetails, groupMessages, groupToken, groupAccount, groupGateway, groupTexts, groupDesk
    // Options and arguments that several verbs have
    case json, lang, config, baseURL, stateDirectory, timeout, logLevel, logFormat, textArgument, phoneArgument
    case sender, printedID, statusFilter, since, until, year, month, unmask, gatewayAddress, gatewayMessageID
    // Verbs about messages
    case send, sendDetails, sendCode, code, callbackURL, userSMSID, global, country, wait, waitTimeout, status
    case statusDetails, messages, messagesCountNote, messagesDetails, page, pageSize, onlyDispatch, onlyCount, logs
    case logsDetails
    // Verbs about the token
    case token, tokenDetails, refreshToken, refreshTokenDetails, ifNeeded, login, loginDetails, selfTest
    case selfTestMarks, selfTestDetails, sendTo, refresh
    // Verbs about the account
    case balance, prices, localPrices, senders, templates, templatesDetails, templatesList, templatesAdd, totals
    case messagesAbroad, report, reportByMonth, reportByOperator, reportByRange, reportByDispatch, dispatch, export
    case exportDetails
    // Verbs about texts
    case segments, segmentsDetails, check, checkDetails, normalize, normalizeDetails
    // The gateway
    case serve, readyLine, serveDetails, listen, database, databaseDetails, databaseStatus, databaseMigrate
    case databaseCopy, databaseCopyDetails, databaseCopyFrom, databaseCopyTo, keys, keysDetails, addKey, keyName
    case keyScope, listKeys, revokeKey, keyID, tail, tailDetails, explain, explainDetails, doctor, doctorDetails
    case cancel
    // eskiz suppress
    case suppress, suppressDetails, suppressAdd, suppressImport, suppressImportDetails, suppressRemove, suppressList
    case suppressPhones, suppressFile, suppressBulk, suppressReason, suppressAdded, suppressRemoved, suppressEmpty
    case suppressScope, suppressSince, suppressWhy
    // eskiz verify
    case verify, verifyDetails, verifyStart, verifyCheck, verifyCheckDetails, verifyCode, verifyPurpose
    case verifyTemplate, verifyLocale, verifySent, verifyTestNumber, verifyGoodUntil, verifySendAgain, verifyRight
    case verifyWrong, verifyUsed, verifyExpired, verifyExhausted, verifyCancelled
    // demo and simulate
    case demo, demoDetails, demoFleet, demoDatabase, once, simulate, simulateThen, simulateListen, tokenLifetime
    case callbackHost, controlToken, completions, shell
    // Command lines that cannot be run
    case forbiddenFlag, unreadableArgument, textIsAnOption, wrongMessageID, wrongKeyName, wrongYear, wrongMonth

    static var section: String { "help" }

    /// The language help is made in; the parser makes it anew each time it is asked for.
    ///
    /// English unless told otherwise: manual pages and completion scripts are made from the same texts.
    @TaskLocal static var language = Language.english

    var description: String { Self.language.say(self) }
}

extension String {
    /// A text of help in the language of the moment.
    static func text(_ help: HelpText) -> String { help.description }
}

extension ArgumentHelp {
    /// A text of help in the language of the moment.
    static func text(_ help: HelpText) -> ArgumentHelp { ArgumentHelp(help.description) }
}
