using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet;

/// <summary>A model of the fleet is refused, or the device got no credentials of its own. Nothing on the device was changed.</summary>
/// <param name="code">One of the constants; it is told in `…/reported`.</param>
sealed class FleetException(string code, string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner)
{
    /// <summary>The device has no key by which it could judge a signature.</summary>
    public const string NoKey = "no-key";

    /// <summary>The model has no signature.</summary>
    public const string Unsigned = "unsigned";

    /// <summary>The signature belongs to none of the keys of this device.</summary>
    public const string BadSignature = "bad-signature";

    /// <summary>The archive is damaged, too large, or holds something that a model does not need.</summary>
    public const string BadArchive = "bad-archive";

    /// <summary>The issuer gave this device no credentials of its own.</summary>
    public const string NotIssued = "not-issued";

    public override string Code { get; } = code;
}
