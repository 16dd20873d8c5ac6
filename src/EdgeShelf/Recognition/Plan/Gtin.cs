namespace EdgeShelf.Recognition.Plan;

/// <summary>The number below a product's barcode: a GTIN of 8, 12, 13 or 14 digits. The rule of its last digit is that of the GS1 General Specifications, 7.9.</summary>
static class Gtin
{
    /// <summary>Describes the problem with a GTIN, as the end of a sentence; null if there is none.</summary>
    public static string? Problem(string gtin)
    {
        if (!gtin.All(char.IsAsciiDigit))
        {
            return gtin.Contains("E+", StringComparison.OrdinalIgnoreCase)
                ? "was rounded by a spreadsheet; format the column as text and fill it in again"
                : "holds other characters than digits";
        }
        if (gtin.Length is not (8 or 12 or 13 or 14))
            return $"has {gtin.Length} digits; 8, 12, 13 or 14 are needed. A spreadsheet drops zeros at the left unless the column is text";
        int wanted = CheckDigit(gtin.AsSpan(0, gtin.Length - 1));
        return gtin[^1] - '0' == wanted ? null : $"ends in {gtin[^1]}, but its check digit is {wanted}";
    }

    /// <summary>Counted from the right, digits weigh 3, 1, 3, 1 and so on; the check digit fills their sum up to a multiple of ten.</summary>
    static int CheckDigit(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
            sum += (digits[digits.Length - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
        return (10 - sum % 10) % 10;
    }
}
