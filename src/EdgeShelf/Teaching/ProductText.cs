using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching;

/// <summary>What labels, names and article numbers may be. Any script and any sign is allowed that can be seen; how it is shown is the reader's part.</summary>
static class ProductText
{
    /// <summary>Cleans a label: spaces at its ends go, and it gets one Unicode form.</summary>
    /// <exception cref="TeachingException">The label is not allowed.</exception>
    public static string Label(string? text)
    {
        string label = Required("label", text, LabelText.MaxLength);
        // As a part of an address these two mean another place.
        return label is "." or ".." ? throw Problem("label", label, "names no product", "Give the product a label with a letter or a digit.") : label;
    }

    /// <summary>Cleans the label of a product. `empty` is not one.</summary>
    /// <exception cref="TeachingException">The label is not allowed.</exception>
    public static string ProductLabel(string? text)
    {
        string label = Label(text);
        return label == Planogram.EmptyLabel
            ? throw Problem("label", label, "stands for a place without goods", "Choose another label for the product.")
            : label;
    }

    /// <summary>Cleans the details of a product.</summary>
    /// <exception cref="TeachingException">One of them is not allowed.</exception>
    public static Product Product(string label, string? name, string? sku, string? gtin)
    {
        Product product = new(ProductLabel(label), Optional("name", name, LabelText.MaxLength), Optional("SKU", sku, LabelText.MaxCodeLength), Optional("GTIN", gtin, LabelText.MaxCodeLength));
        return product.Gtin is { } number && Gtin.Problem(number) is { } problem
            ? throw Problem("GTIN", number, problem, "Type the number below the barcode, with all its digits.")
            : product;
    }

    /// <summary>Checks the name of a slot that somebody typed.</summary>
    /// <exception cref="TeachingException">It cannot be the name of a slot.</exception>
    public static string? Slot(string? name)
    {
        if (name is null || (name.Length is > 0 and <= 32 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') && name.Any(char.IsAsciiLetterOrDigit)))
            return name;
        throw Problem("slot", name, "is no slot's name; 1 to 32 letters (a to z), digits, `-`, `_` or `.` are needed", "GET /api/slots lists the slots.");
    }

    static string? Optional(string what, string? text, int maxLength) => string.IsNullOrWhiteSpace(text) ? null : Required(what, text, maxLength);

    static string Required(string what, string? text, int maxLength)
    {
        string cleaned = LabelText.Clean(text ?? "");
        return LabelText.Problem(cleaned, maxLength) is { } problem ? throw Problem(what, cleaned, problem, $"Type the {what} again.") : cleaned;
    }

    static TeachingException Problem(string what, string text, string problem, string hint) =>
        new(TeachingException.BadProduct, text.Length == 0 ? $"The {what} {problem}." : $"The {what} \"{PlainText.Shown(text, 60)}\" {problem}.", hint);
}
