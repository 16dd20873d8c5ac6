using System.Collections;
using QRCoder;

namespace EdgeShelf.Cli;

/// <summary>Draws an address as a QR code (ISO/IEC 18004) in a terminal, for the camera of a phone.</summary>
static class QrBlocks
{
    public static void Write(TextWriter output, string text)
    {
        using QRCodeGenerator generator = new();
        using QRCodeData code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        // The matrix has the margin of four light modules that readers need.
        List<BitArray> rows = code.ModuleMatrix;
        HalfBlocks.Write(output, rows.Count, rows.Count, (column, row) => rows[row][column] ? Rgb.Black : Rgb.White);
    }
}
