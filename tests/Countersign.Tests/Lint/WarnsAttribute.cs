namespace Countersign.Tests.Lint;

/// <summary>The test has a configuration that gets this warning.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class WarnsAttribute(string id) : Attribute
{
    public string Id => id;
}
