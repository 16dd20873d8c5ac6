using EdgeShelf.Pictures;
using EdgeShelf.Publish.Requests;

namespace EdgeShelf.Cli;

/// <summary>The line of `--json` for a picture that cannot be used.</summary>
sealed record FailedFile(string File, ErrorDocument Error)
{
    public static FailedFile Of(string file, PictureException problem) => new(file, new ErrorDocument(problem.Code, problem.Message));
}
