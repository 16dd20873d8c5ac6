using System.Diagnostics;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Web;

/// <summary>Runs the checks of `Browser/*.mjs` against a page, in a real Chromium. Screenshots are left in `artifacts/page`.</summary>
static class BrowserChecks
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    static readonly string Folder = Path.Combine(Checkout.Root, "tests", "EdgeShelf.Tests", "Web", "Browser");

    /// <param name="script">The file in `Browser` that has the check.</param>
    /// <param name="file">A file that the check needs, or null.</param>
    public static async Task RunAsync(ShelfOnTheWeb shelf, string script, string check, string? file = null)
    {
        Assert.SkipUnless(ProgramsOnPath.Find("chromium") is not null, "chromium is not installed.");
        Assert.SkipUnless(ProgramsOnPath.Find("node") is not null, "node is not installed.");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), $"playwright-core is not installed: npm ci in {Path.GetRelativePath(Checkout.Root, Folder)}, as scripts/test.sh does.");
        string artifacts = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "page")).FullName;
        string[] arguments = [Path.Combine(Folder, script), check, shelf.Address.ToString(), artifacts, .. file is null ? Array.Empty<string>() : [file]];
        using Process node = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardError = true })!;
        using CancellationTokenSource limit = new(Limit);
        try
        {
            string complaints = await node.StandardError.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            Assert.True(node.ExitCode == 0, complaints);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
