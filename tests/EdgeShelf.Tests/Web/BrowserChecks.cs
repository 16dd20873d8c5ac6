using System.Diagnostics;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Web;

/// <summary>Runs the checks of `Browser/*.mjs` against a page, in a real Chromium. Screenshots are left in `artifacts/page`.</summary>
static class BrowserChecks
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    static readonly string Folder = Path.Combine(Checkout.Root, "tests", "EdgeShelf.Tests", "Web", "Browser");

    /// <summary>Where the checks leave screenshots.</summary>
    public static string Artifacts { get; } = Path.Combine(Checkout.Root, "artifacts", "page");

    /// <param name="script">The file in `Browser` that has the check.</param>
    /// <param name="file">A file that the check needs, or null.</param>
    public static Task RunAsync(ShelfOnTheWeb shelf, string script, string check, string? file = null) =>
        RunAsync(shelf.Address, script, check, Limit, file is null ? [] : [file]);

    /// <param name="limit">How long the check may take.</param>
    /// <param name="files">Files and folders that the check needs.</param>
    public static async Task RunAsync(Uri page, string script, string check, TimeSpan limit, params string[] files)
    {
        Assert.SkipUnless(ProgramsOnPath.Find("chromium") is not null, "chromium is not installed.");
        Assert.SkipUnless(ProgramsOnPath.Find("node") is not null, "node is not installed.");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), $"playwright-core is not installed: npm ci in {Path.GetRelativePath(Checkout.Root, Folder)}, as scripts/test.sh does.");
        string[] arguments = [Path.Combine(Folder, script), check, page.ToString(), Directory.CreateDirectory(Artifacts).FullName, .. files];
        using Process node = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardError = true })!;
        using CancellationTokenSource end = new(limit);
        try
        {
            string complaints = await node.StandardError.ReadToEndAsync(end.Token);
            await node.WaitForExitAsync(end.Token);
            Assert.True(node.ExitCode == 0, complaints);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
