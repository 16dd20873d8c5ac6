using EdgeShelf.Shelf;

namespace EdgeShelf.Pictures;

/// <summary>Bytes that cannot be classified; nothing is wrong with the service.</summary>
/// <param name="code">Stable, for machines: `empty`, `not-a-picture`, `unsupported`, `too-large`, `truncated`, `corrupt`.</param>
sealed class PictureException(string code, string message, string hint) : EdgeShelfException(message, hint)
{
    public override string Code { get; } = code;
}
