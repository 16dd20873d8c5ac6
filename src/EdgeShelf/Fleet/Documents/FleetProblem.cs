namespace EdgeShelf.Fleet.Documents;

/// <summary>One reason why a desired document was refused or taken back.</summary>
/// <param name="Code">The stable, machine-readable name of the problem: one of the constants.</param>
/// <param name="Message">What was found, what is allowed and what to do, for people.</param>
sealed record FleetProblem(string Code, string Message)
{
    public const string TooLarge = "too-large";
    public const string BadDocument = "bad-document";
    public const string VersionReused = "version-reused";
    public const string SettingNotAllowed = "setting-not-allowed";
    public const string BadSetting = "bad-setting";
    public const string BadPlanogram = "bad-planogram";
    public const string BadAddress = "bad-address";
    public const string AddressNotAllowed = "address-not-allowed";
    public const string DownloadFailed = "download-failed";
    public const string WrongSize = "wrong-size";
    public const string WrongHash = "wrong-hash";
    public const string NoKey = "no-key";
    public const string Unsigned = "unsigned";
    public const string BadSignature = "bad-signature";
    public const string NoSpace = "no-space";
    public const string BadArchive = "bad-archive";
    public const string BadModel = "bad-model";
    public const string WrongModel = "wrong-model";
    public const string LabelsMissing = "labels-missing";
    public const string WorseOnExamples = "worse-on-examples";
    public const string WorseInUse = "worse-in-use";
    public const string NotKept = "not-kept";
    public const string Internal = "internal";
}
