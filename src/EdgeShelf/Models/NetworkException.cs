using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>The network broke off while it ran. The model had passed its checks, so the next picture is tried with it again.</summary>
sealed class NetworkException(string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner)
{
    public override string Code => "model-failed";
}
