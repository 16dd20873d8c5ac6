using EdgeShelf.Shelf;

namespace EdgeShelf.Web;

/// <summary>The pictures of a request cannot be accepted.</summary>
/// <param name="status">The HTTP status of the response.</param>
/// <param name="code">Stable identifier, for programs.</param>
sealed class UploadException(int status, string code, string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner)
{
    public int Status { get; } = status;
    public override string Code { get; } = code;
}
