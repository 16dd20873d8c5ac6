using System.Security.Cryptography;
using System.Text;
using EdgeShelf.Models.Making;

namespace EdgeShelf.Teaching.Exchange;

/// <summary>
/// The layout of exported products: a folder of pictures for each product, named by its label, as `model train` takes it; `examples.csv`
/// (`path,label,slot,taken_at`), which holds the exact label of each picture; and `products.csv` (`label,name,sku,gtin`).
/// </summary>
static class ProductFolder
{
    public const string Examples = "examples.csv";
    public const string Products = "products.csv";

    /// <summary>The maximum length of a folder's name, in bytes. File systems allow 255.</summary>
    const int MaxBytes = 120;

    /// <summary>Returns the name of a label's folder: the label itself if every file system takes it, otherwise what is left of it and a hash.</summary>
    /// <param name="isTaken">Whether a folder of this name belongs to another label. Some file systems do not tell capitals from small letters.</param>
    public static string NameOf(string label, Func<string, bool> isTaken)
    {
        StringBuilder name = new();
        int bytes = 0;
        foreach (Rune letter in label.EnumerateRunes())
        {
            bytes += letter.Utf8SequenceLength;
            if (bytes > MaxBytes)
                break;
            name.Append(Rune.IsControl(letter) || (letter.IsAscii && "<>:\"/\\|?*".Contains((char)letter.Value, StringComparison.Ordinal)) ? "_" : letter.ToString());
        }
        string kept = name.ToString().Trim(' ', '.');
        return kept == label && !PictureTree.IsForeign(kept) && !isTaken(kept)
            ? kept
            : $"{kept}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..8]}".TrimStart('-');
    }
}
