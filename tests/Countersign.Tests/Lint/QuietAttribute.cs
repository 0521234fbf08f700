namespace Countersign.Tests.Lint;

/// <summary>The test has a configuration that looks like one with this warning and gets none.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class QuietAttribute(string id) : Attribute
{
    public string Id => id;
}
