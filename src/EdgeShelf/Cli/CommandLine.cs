using System.CommandLine;

namespace EdgeShelf.Cli;

/// <summary>The verbs of `edgeshelf`. Each is one file beside this one.</summary>
static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        RootCommand root = new("Tells the store's backend what a shelf camera sees.");
        return root.Parse(args).InvokeAsync();
    }
}
